package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a link with small windows lends to streams whose readers keep pace, byte by byte. */
class WindowLoanTest {

    private static final int WINDOW = 64 * 1024;
    private static final int LOAN = Yamux.INITIAL_WINDOW - WINDOW;
    private static final Limits LIMITS = new Limits(0, 10, WINDOW, 2 * LOAN);

    private final Wire host = Wire.host(LIMITS);
    private final List<MuxStream> streams = new ArrayList<>();

    @BeforeEach
    void listen() {
        host.engine.acceptStreams();
        host.onAccept = streams::add;
    }

    private MuxStream open(int id) throws Exception {
        host.receive(Yamux.WINDOW_UPDATE, Yamux.SYN, id, 0);
        host.sent();
        return streams.get(streams.size() - 1);
    }

    private void send(int id, int count) throws Exception {
        for (int left = count; left > 0; left -= Yamux.MAX_PAYLOAD) {
            host.receiveData(0, id, new byte[Math.min(left, Yamux.MAX_PAYLOAD)]);
        }
    }

    private static void read(MuxStream stream, int count) throws Exception {
        assertThat(stream.read(ByteBuffer.allocate(count))).isEqualTo(count);
    }

    private static String update(int id, int delta) {
        return "00010000" + String.format("%08x%08x", id, delta);
    }

    @Test
    void aStreamBeginsWithTheSmallWindow() throws Exception {
        open(2);
        send(2, WINDOW);
        assertThatThrownBy(() -> send(2, 1)).isInstanceOf(ProtocolViolation.class).hasMessageContaining("more than the window allows");
    }

    @Test
    void oneThatIsReadIsLentTheRestOfTheUsualWindowOnce() throws Exception {
        MuxStream stream = open(2);
        send(2, WINDOW);
        read(stream, WINDOW / 2);
        assertThat(host.sent()).isEqualTo(update(2, WINDOW / 2 + LOAN));
        read(stream, WINDOW / 2);
        assertThat(host.sent()).isEqualTo(update(2, WINDOW / 2));
        send(2, Yamux.INITIAL_WINDOW);
        assertThat(stream.bufferedBytes()).isEqualTo(Yamux.INITIAL_WINDOW);
    }

    @Test
    void aSmallExchangeCostsNoFrameForItsWindow() throws Exception {
        MuxStream stream = open(2);
        send(2, 1000);
        read(stream, 1000);
        assertThat(host.sent()).isEmpty();
    }

    @Test
    void whatIsLentIsBoundedForTheWholeLink() throws Exception {
        for (int id = 2; id <= 8; id += 2) {
            MuxStream stream = open(id);
            send(id, WINDOW);
            read(stream, WINDOW);
            boolean lent = id <= 4;
            assertThat(host.sent()).isEqualTo(update(id, lent ? WINDOW + LOAN : WINDOW));
        }
    }

    @Test
    void aStreamThatIsOverGivesItsLoanBack() throws Exception {
        for (int id = 2; id <= 20; id += 2) {
            MuxStream stream = open(id);
            send(id, WINDOW);
            read(stream, WINDOW);
            assertThat(host.sent()).as("stream %d", id).isEqualTo(update(id, WINDOW + LOAN));
            if (id % 4 == 0) {
                host.receive(Yamux.WINDOW_UPDATE, Yamux.FIN, id, 0);
                stream.shutdownOutput();
                host.sent();
            }
            stream.close();
            host.sent();
        }
    }

    @Test
    void theUsualLimitsLendNothingAndHaveTheWindowOfTheSpecification() {
        assertThat(Limits.HOST.loan()).isZero();
        assertThat(Limits.HOST.window()).isEqualTo(Yamux.INITIAL_WINDOW);
        assertThat(Limits.OUT_OF_HOST.window()).isEqualTo(Limits.OUT_OF_GUEST.window());
    }

    @Test
    void aFloodOfStreamsThatNobodyReadsKeepsWithinTheBounds() throws Exception {
        Wire wide = Wire.host(Limits.OUT_OF_HOST);
        List<MuxStream> held = new ArrayList<>();
        wide.engine.acceptStreams();
        wide.onAccept = held::add;
        for (int id = 2; id <= 1000; id += 2) {
            wide.receive(Yamux.WINDOW_UPDATE, Yamux.SYN, id, 0);
            for (int piece = 0; piece < WINDOW / Yamux.MAX_PAYLOAD; piece++) {
                wide.receiveData(0, id, new byte[Yamux.MAX_PAYLOAD]);
            }
            wide.sent();
        }
        assertThat(held).hasSize(Limits.OUT_OF_HOST.acceptedStreams());
        assertThat(held.stream().mapToLong(MuxStream::bufferedBytes).sum()).isEqualTo(held.size() * (long) WINDOW);
    }

    @Test
    void limitsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new Limits(1, 1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Limits(1, 1, Yamux.INITIAL_WINDOW + 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Limits(1, 1, 1000, -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
