package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuestEpochsTest {

    private final List<MuxStream> accepted = new ArrayList<>();
    private final GuestEpochs guest = new GuestEpochs(Limits.GUEST, Runnable::run, accepted::add, () -> { });

    private static byte[] nonce(int fill) {
        byte[] nonce = new byte[Hello.NONCE];
        Arrays.fill(nonce, (byte) fill);
        return nonce;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private byte[] sent() {
        ByteBuffer out = ByteBuffer.allocate(Wire.LARGE);
        guest.transmit(out);
        return bytes(out);
    }

    private void openStreamWithUnfinishedFrame(int length, int present) {
        guest.receive(Hello.encode(nonce(1)));
        sent();
        guest.receive(Wire.header(Yamux.DATA, Yamux.SYN, 1, length));
        guest.receive(ByteBuffer.allocate(present));
    }

    private void assertNewEpoch(byte[] nonce) {
        assertThat(sent()).endsWith(bytes(Hello.encode(nonce)));
        int before = accepted.size();
        guest.receive(Wire.header(Yamux.DATA, Yamux.SYN, 1, 0));
        assertThat(accepted).hasSize(before + 1);
    }

    @Test
    void noiseBeforeTheHelloIsDropped() {
        byte[] noise = new byte[5000];
        new Random(1).nextBytes(noise);
        guest.receive(ByteBuffer.wrap(noise));
        assertThat(sent()).isEmpty();
        guest.receive(Hello.encode(nonce(7)));
        assertThat(sent()).isEqualTo(bytes(Hello.encode(nonce(7))));
    }

    @Test
    void aHelloIsFoundByteByByteAndAfterItsOwnBeginning() {
        byte[] hello = bytes(Hello.encode(nonce(3)));
        guest.receive(ByteBuffer.wrap(hello, 0, 5));
        for (byte next : hello) {
            guest.receive(ByteBuffer.wrap(new byte[] {next}));
        }
        assertThat(sent()).isEqualTo(hello);
    }

    @Test
    void aNewHelloResetsTheStreamsOfTheOldEpoch() {
        openStreamWithUnfinishedFrame(0, 0);
        guest.receive(Hello.encode(nonce(2)));
        assertThatThrownBy(() -> accepted.get(0).write(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
        assertNewEpoch(nonce(2));
    }

    @Test
    void aHostThatHasGoneEndsTheEpochInTheMiddleOfAFrame() {
        openStreamWithUnfinishedFrame(1000, 300);
        guest.disconnected("the host has gone");
        assertThatThrownBy(() -> accepted.get(0).write(ByteBuffer.allocate(1))).hasMessage("the host has gone");
        guest.receive(Hello.encode(nonce(2)));
        assertNewEpoch(nonce(2));
    }

    @Test
    void aHostThatIsThereAfterAllLearnsThatItsEpochHasEnded() throws Exception {
        guest.receive(Hello.encode(nonce(1)));
        assertThat(sent()).isEqualTo(bytes(Hello.encode(nonce(1))));
        guest.disconnected("the host has gone");
        guest.disconnected("the host has gone");
        byte[] goAway = sent();
        assertThat(goAway).isEqualTo(bytes(Wire.header(Yamux.GO_AWAY, 0, 0, Yamux.INTERNAL_ERROR)));
        assertThatThrownBy(() -> Wire.host().engine.receive(ByteBuffer.wrap(goAway))).hasMessageContaining("has lost the connection");
        assertThat(sent()).isEmpty();
        guest.receive(Hello.encode(nonce(2)));
        assertNewEpoch(nonce(2));
    }

    @Test
    void aGuestWithoutAHostHasNothingToSay() {
        guest.disconnected("the host has gone");
        assertThat(sent()).isEmpty();
        assertThatThrownBy(() -> guest.open("name")).isInstanceOf(IOException.class).hasMessage("no host has said hello");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 11})
    void aHelloWithinAHeaderIsFound(int headerBytes) {
        openStreamWithUnfinishedFrame(0, 0);
        guest.receive(ByteBuffer.wrap(new byte[headerBytes]));
        guest.receive(Hello.encodeAfterPadding(nonce(2)));
        assertNewEpoch(nonce(2));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 23, 24, 25, 1000, 32 * 1024})
    void paddingReachesAGuestThatMissedTheEndOfTheOldHost(int missing) {
        openStreamWithUnfinishedFrame(Yamux.MAX_PAYLOAD, Yamux.MAX_PAYLOAD - missing);
        guest.receive(Hello.encodeAfterPadding(nonce(2)));
        assertNewEpoch(nonce(2));
    }

    @Test
    void everyHelloIsAnswered() {
        guest.receive(Hello.encode(nonce(1)));
        guest.receive(Hello.encode(nonce(2)));
        guest.receive(Hello.encodeAfterPadding(nonce(3)));
        assertNewEpoch(nonce(3));
    }
}
