package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.fuzz.Corpus;
import dev.agentruntime.fuzz.Fuzz;
import dev.agentruntime.fuzz.Mutations;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Both ends find the beginning of an epoch, whatever came before it and in whatever pieces. */
class HelloFuzzTest {

    private static final Corpus CORPUS = Corpus.of(HelloFuzzTest.class, "corpus/hello");
    private static final HexFormat HEX = HexFormat.of();
    private static final String MAGIC = "f761677274" + "6d7831";

    @Test
    void theHelloThatIsFoundIsThatOfASearchThroughTheWhole() {
        Fuzz.run(500, random -> {
            byte[] input = CORPUS.mutated(random);
            List<String> found = new ArrayList<>();
            Hello.Scan scan = new Hello.Scan();
            for (ByteBuffer piece : Mutations.pieces(input, random)) {
                while (scan.found(piece)) {
                    found.add(HEX.formatHex(scan.nonce()));
                }
            }
            assertThat(found).isEqualTo(searched(HEX.formatHex(input)));
        });
    }

    private static List<String> searched(String hex) {
        List<String> found = new ArrayList<>();
        int at = 0;
        while (true) {
            int begin = hex.indexOf(MAGIC, at);
            while (begin >= 0 && begin % 2 == 1) {
                begin = hex.indexOf(MAGIC, begin + 1);
            }
            int end = begin + 2 * Hello.LENGTH;
            if (begin < 0 || end > hex.length()) {
                return found;
            }
            found.add(hex.substring(begin + MAGIC.length(), end));
            at = end;
        }
    }

    @Test
    void aGuestAnswersTheHelloOfTheNextHostWhateverTheLastOneLeft() {
        Fuzz.run(200, random -> {
            GuestEpochs guest = new GuestEpochs(Limits.GUEST, Runnable::run, stream -> { }, () -> { });
            for (ByteBuffer piece : Mutations.pieces(CORPUS.mutated(random), random)) {
                guest.receive(piece);
            }
            sent(guest);
            byte[] nonce = new byte[Hello.NONCE];
            random.nextBytes(nonce);
            feed(guest, random, Hello.encodeAfterPadding(nonce), Wire.header(Yamux.PING, Yamux.SYN, 0, 1));
            String answer = HEX.formatHex(sent(guest));
            assertThat(answer).endsWith(MAGIC + HEX.formatHex(nonce) + HEX.formatHex(Wire.header(Yamux.PING, Yamux.ACK, 0, 1).array()));
        });
    }

    private static void feed(GuestEpochs guest, Random random, ByteBuffer... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(part -> all.write(part.array(), 0, part.limit()));
        for (ByteBuffer piece : Mutations.pieces(all.toByteArray(), random)) {
            guest.receive(piece);
        }
    }

    private static byte[] sent(GuestEpochs guest) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer out = ByteBuffer.allocate(Wire.LARGE);
        while (guest.transmit(out)) {
            all.write(out.array(), 0, out.remaining());
        }
        return all.toByteArray();
    }
}
