package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that a hostile guest opens, byte by byte. All callbacks run on the thread that feeds the host, so none may block. */
class GuestStreamsTest {

    private static final int MOST = Limits.HOST.acceptedStreams();

    private final List<String> targets = new ArrayList<>();
    private final List<MuxStream> streams = new ArrayList<>();
    private final Wire host = Wire.host();
    private BiConsumer<String, MuxStream> handler = (target, stream) -> {
        targets.add(target);
        streams.add(stream);
    };

    private void listen() {
        host.engine.acceptStreams();
        host.onAccept = stream -> new IncomingStream(stream, handler).read();
    }

    private void open(int id, String text) throws Exception {
        host.receiveData(Yamux.SYN, id, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String reset(int id) {
        return "0001" + "0008" + String.format("%08x", id) + "00000000";
    }

    private static String read(MuxStream stream) throws Exception {
        ByteBuffer target = ByteBuffer.allocate(100);
        return new String(target.array(), 0, stream.read(target), StandardCharsets.ISO_8859_1);
    }

    @Test
    void untilAHandlerIsSetEachStreamIsResetAndTheLinkStaysUp() throws Exception {
        for (int id = 2; id < 2000; id += 2) {
            open(id, "egress\n");
            assertThat(host.sent()).isEqualTo(reset(id));
        }
        assertThat(host.accepted).isEmpty();
        assertThat(host.engine.isUp()).isTrue();
    }

    @Test
    void aStreamIsHandedOverWithItsTargetAndWhatFollowsIt() throws Exception {
        listen();
        open(2, "egress\nGET");
        assertThat(targets).containsExactly("egress");
        assertThat(read(streams.get(0))).isEqualTo("GET");
        streams.get(0).write(ByteBuffer.wrap("ok".getBytes(StandardCharsets.US_ASCII)));
        assertThat(host.sent()).isEqualTo("00000002" + "00000002" + "00000002" + "6f6b");
    }

    @Test
    void aTargetMayComeInAnyPieces() throws Exception {
        listen();
        host.receive(Yamux.WINDOW_UPDATE, Yamux.SYN, 2, 0);
        for (String piece : List.of("", "e", "gre", "ss", "\nGE", "T")) {
            assertThat(targets).isEmpty();
            host.receiveData(0, 2, piece.getBytes(StandardCharsets.US_ASCII));
            if (piece.startsWith("\n")) {
                break;
            }
        }
        assertThat(targets).containsExactly("egress");
        assertThat(read(streams.get(0))).isEqualTo("GE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", " egress\n", "e\0\n", "e\u00e9\n", "e\r\n", "\u001b[2J\n",
            "0123456789012345678901234567890123456789012345678901234567890123x", "0123456789012345678901234567890123456789012345678901234567890123x\n"})
    void whatIsNoTargetIsResetAndTheLinkStaysUp(String line) throws Exception {
        listen();
        open(2, line);
        assertThat(targets).isEmpty();
        assertThat(host.sent()).endsWith(reset(2));
        open(4, "0123456789012345678901234567890123456789012345678901234567890123\n");
        assertThat(targets).singleElement().asString().hasSize(64);
    }

    @Test
    void aStreamThatEndsOrIsResetBeforeItHasATargetIsForgotten() throws Exception {
        listen();
        open(2, "egr");
        host.receive(Yamux.WINDOW_UPDATE, Yamux.FIN, 2, 0);
        open(4, "egr");
        host.receive(Yamux.WINDOW_UPDATE, Yamux.RST, 4, 0);
        assertThat(targets).isEmpty();
        for (int id = 6; id < 6 + 2 * MOST; id += 2) {
            open(id, "egress\n");
        }
        assertThat(targets).hasSize(MOST);
    }

    @Test
    void streamsThatNeverNameATargetTakeUpNoMoreThanTheirShare() throws Exception {
        listen();
        for (int id = 2; id <= 2 * (MOST + 100); id += 2) {
            host.receive(Yamux.WINDOW_UPDATE, Yamux.SYN, id, 0);
        }
        assertThat(host.sent()).contains(reset(2 * MOST + 2), reset(2 * MOST + 200));
        MuxStream own = host.engine.open("agent");
        host.sent();
        host.receiveData(Yamux.ACK, 1, "fine".getBytes(StandardCharsets.US_ASCII));
        assertThat(read(own)).isEqualTo("fine");
    }

    @Test
    void aGuestThatOpensAndResetsWithoutEndGivesTheHostNoMoreWorkThanTheLimit() throws Exception {
        listen();
        List<Runnable> waiting = new ArrayList<>();
        host.onAccept = stream -> waiting.add(() -> new IncomingStream(stream, handler).read());
        for (int id = 2; id < 20_000; id += 2) {
            open(id, "egress\n");
            host.receive(Yamux.WINDOW_UPDATE, Yamux.RST, id, 0);
            host.sent();
        }
        assertThat(waiting).hasSize(MOST);
        waiting.forEach(Runnable::run);
        open(20_000, "egress\n");
        assertThat(waiting).as("what was reset is forgotten once it was looked at").hasSize(MOST + 1);
    }

    @Test
    void aStreamCountsUntilTheHostClosesIt() throws Exception {
        listen();
        for (int id = 2; id <= 2 * MOST; id += 2) {
            open(id, "egress\n");
            host.receive(Yamux.WINDOW_UPDATE, Yamux.FIN, id, 0);
        }
        streams.forEach(MuxStream::shutdownOutput);
        host.sent();
        open(100, "egress\n");
        assertThat(targets).hasSize(MOST);
        assertThat(host.sent()).endsWith(reset(100));
        streams.get(0).close();
        open(102, "egress\n");
        assertThat(targets).hasSize(MOST + 1);
    }

    @Test
    void aHandlerThatThrowsClosesItsStreamOnly() throws Exception {
        handler = (target, stream) -> {
            throw new IllegalStateException("no room for " + target);
        };
        listen();
        open(2, "egress\n");
        assertThat(host.sent()).endsWith(reset(2));
        assertThat(host.engine.isUp()).isTrue();
    }

    @Test
    void theWindowOfARefusedStreamIsAllThatMayFollowIt() throws Exception {
        open(2, "egress\n");
        for (int i = 0; i < 7; i++) {
            host.receiveData(0, 2, new byte[Yamux.MAX_PAYLOAD]);
        }
        host.receiveData(0, 2, new byte[Yamux.MAX_PAYLOAD - "egress\n".length()]);
        assertThatThrownBy(() -> host.receive(Yamux.DATA, 0, 2, 1)).isInstanceOf(ProtocolViolation.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            00 00 0001 00000006 00000000 | used before (stream 6)
            00 00 0001 00000004 00000000 | used before (stream 4)
            00 00 0001 00000009 00000000 | an id of this side (stream 9)
            00 00 0000 00000008 00000001 | never opened (stream 8)
            00 00 0000 00000006 00008001 | more than 32 KiB
            00 01 0000 00000006 01000000 | beyond 16 MiB (stream 6)
            """)
    void aStreamOfTheGuestKeepsTheRulesOfAnyStream(String frame, String complaint) throws Exception {
        listen();
        open(6, "egress\n");
        assertThatThrownBy(() -> host.receive(frame)).isInstanceOf(ProtocolViolation.class).hasMessageContaining(complaint);
    }

    @Test
    void resetsThatNobodyReadsEndTheLink() {
        assertThatThrownBy(() -> {
            for (int id = 2; id < 10_000; id += 2) {
                host.receive(Yamux.WINDOW_UPDATE, Yamux.SYN, id, 0);
            }
        }).hasMessageContaining("does not read the answers");
    }

    @Test
    void resetsOfStreamsThatTheHostGivesUpEndTheLinkTooWhenNobodyReadsThem() {
        listen();
        assertThatThrownBy(() -> {
            for (int id = 2; id < 10_000; id += 2) {
                open(id, "\n");
            }
        }).hasMessageContaining("does not read the answers");
    }

    @Test
    void randomFramesOfAGuestAreTakenOrRefusedAndKeepTheirBounds() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            Wire wire = Wire.host();
            List<MuxStream> open = new ArrayList<>();
            wire.engine.acceptStreams();
            wire.onAccept = stream -> new IncomingStream(stream, (target, accepted) -> open.add(accepted)).read();
            int next = 2;
            try {
                for (int i = 0; i < 400; i++) {
                    int id = random.nextInt(3) == 0 ? next : 2 + 2 * random.nextInt(next / 2 + 1);
                    int flags = id == next ? Yamux.SYN : new int[] {0, 0, 0, Yamux.FIN, Yamux.RST}[random.nextInt(5)];
                    next = id == next ? next + 2 : next;
                    byte[] payload = "egress\n".getBytes(StandardCharsets.US_ASCII);
                    if ((flags & Yamux.RST) != 0 || random.nextInt(8) == 0) {
                        wire.receive(Yamux.WINDOW_UPDATE, flags, id, random.nextInt(1000));
                    } else {
                        wire.receiveData(flags, id, payload);
                    }
                    assertThat(open.stream().mapToInt(MuxStream::bufferedBytes).sum()).as("seed %d", seed).isLessThan(MOST * 384 * 1024);
                    if (!open.isEmpty() && random.nextInt(4) == 0) {
                        open.remove(0).close();
                    }
                    assertThat(open.size()).as("seed %d", seed).isLessThanOrEqualTo(MOST);
                    wire.sent();
                }
            } catch (ProtocolViolation refused) {
                assertThat(refused.getMessage()).as("seed %d", seed).startsWith("the guest ");
            }
        }
    }
}
