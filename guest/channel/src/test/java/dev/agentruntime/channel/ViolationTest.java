package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a hostile guest may try. The host has stream 1 open and stream 3 closed. */
class ViolationTest {

    private final Wire host = Wire.host();
    private MuxStream stream;

    @BeforeEach
    void openStreams() throws IOException {
        stream = host.engine.open("agent");
        MuxStream other = host.engine.open("agent");
        host.sent();
        other.shutdownOutput();
        host.receive(Yamux.WINDOW_UPDATE, Yamux.ACK | Yamux.FIN, 3, 0);
        host.sent();
        assertThat(other.read(java.nio.ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            01 00 0000 00000001 00000001 | frame of version 1
            f7 00 0000 00000001 00000001 | frame of version 247
            00 04 0000 00000001 00000001 | unknown type 4
            00 ff 0000 00000001 00000001 | unknown type 255
            00 00 0010 00000001 00000001 | unknown flags
            00 00 8000 00000001 00000001 | unknown flags
            00 00 0000 00000000 00000001 | frame without a stream
            00 01 0000 00000000 00000001 | frame without a stream
            00 00 0003 00000002 00000001 | opened and accepted
            00 00 0000 00000001 00008001 | more than 32 KiB
            00 00 0000 00000001 ffffffff | more than 32 KiB
            00 00 0008 00000001 00000001 | data with a reset
            00 01 0000 00000001 01000001 | opened a window by too much
            00 01 0000 00000001 ffffffff | opened a window by too much
            00 01 0000 00000001 01000000 | opened a window beyond 16 MiB
            00 00 0001 00000001 00000000 | opened a stream with an id of this side
            00 01 0001 00000007 00000000 | opened a stream with an id of this side
            00 00 0000 00000002 00000001 | a stream that was never opened
            00 00 0000 00000005 00000001 | a stream that was never opened
            00 01 0000 ffffffff 00000001 | a stream that was never opened
            00 00 0000 00000003 00000001 | data on a stream that has ended
            00 02 0000 00000000 00000001 | malformed ping
            00 02 0003 00000000 00000001 | malformed ping
            00 02 0001 00000001 00000001 | malformed ping
            00 02 0002 00000000 00000001 | ping that was not sent
            00 03 0001 00000000 00000000 | malformed go-away
            00 03 0000 00000001 00000000 | malformed go-away
            00 03 0000 00000000 00000000 | gave the link up: it takes no further stream
            00 03 0000 00000000 00000001 | gave the link up: protocol error
            00 03 0000 00000000 00000002 | gave the link up: it has lost the connection on its side
            00 03 0000 00000000 ffffffff | gave the link up: unknown reason 4294967295
            """)
    void aFrameThatNoCorrectGuestSendsIsRefused(String frame, String complaint) {
        assertThatThrownBy(() -> host.receive(frame)).isInstanceOf(ProtocolViolation.class)
                .hasMessageStartingWith("the guest ").hasMessageContaining(complaint);
    }

    @Test
    void dataBeyondTheWindowIsRefused() throws Exception {
        for (int i = 0; i < 8; i++) {
            host.receiveData(0, 1, new byte[Yamux.MAX_PAYLOAD]);
        }
        assertThatThrownBy(() -> host.receive(Yamux.DATA, 0, 1, 1)).isInstanceOf(ProtocolViolation.class)
                .hasMessageContaining("sent more than the window allows: 1 bytes into 0 (stream 1)");
    }

    @Test
    void dataAfterTheEndIsRefused() throws Exception {
        host.receive(Yamux.DATA, Yamux.FIN, 1, 0);
        assertThatThrownBy(() -> host.receive(Yamux.DATA, 0, 1, 1)).hasMessageContaining("after it had ended the stream");
    }

    @Test
    void endingTwiceIsRefused() throws Exception {
        host.receive(Yamux.WINDOW_UPDATE, Yamux.FIN, 1, 0);
        assertThatThrownBy(() -> host.receive(Yamux.WINDOW_UPDATE, Yamux.FIN, 1, 0)).hasMessageContaining("ended a stream twice");
    }

    @Test
    void acceptingTwiceIsRefused() throws Exception {
        host.receive(Yamux.WINDOW_UPDATE, Yamux.ACK, 1, 0);
        assertThatThrownBy(() -> host.receive(Yamux.WINDOW_UPDATE, Yamux.ACK, 1, 0)).hasMessageContaining("accepted a stream twice");
    }

    @Test
    void creditThatGrowsBitByBitIsRefusedToo() throws Exception {
        for (int i = 0; i < 15; i++) {
            host.receive(Yamux.WINDOW_UPDATE, 0, 1, 1024 * 1024);
        }
        assertThatThrownBy(() -> host.receive(Yamux.WINDOW_UPDATE, 0, 1, 1024 * 1024)).hasMessageContaining("beyond 16 MiB");
    }

    @Test
    void aClosedStreamMayStillReceiveWhatItsWindowAllowedAndNoMore() throws Exception {
        stream.close();
        for (int i = 0; i < 8; i++) {
            host.receiveData(0, 1, new byte[Yamux.MAX_PAYLOAD]);
        }
        host.receive(Yamux.WINDOW_UPDATE, Yamux.FIN, 1, 0);
        assertThatThrownBy(() -> host.receive(Yamux.DATA, 0, 1, 1)).hasMessageContaining("a stream that has ended");
    }

    @Test
    void aPeerThatSendsPingsWithoutReadingTheAnswersIsRefused() {
        assertThatThrownBy(() -> {
            for (int i = 0; i < 2000; i++) {
                host.receive(Yamux.PING, Yamux.SYN, 0, i);
            }
        }).hasMessageContaining("does not read the answers");
    }

    @Test
    void aHostThatOpensTooManyStreamsIsRefusedThoseOnly() throws Exception {
        Wire guest = Wire.guest(new Limits(0, 2));
        guest.receive("00 01 0001 00000001 00000000 00 01 0001 00000003 00000000 00 01 0001 00000005 00000000");
        assertThat(guest.accepted).hasSize(2);
        assertThat(guest.sent()).contains("00" + "01" + "0008" + "00000005" + "00000000");
        guest.accepted.get(0).close();
        guest.receive("00 01 0001 00000007 00000000");
        assertThat(guest.accepted).hasSize(3);
    }

    @Test
    void aHostThatReusesAnIdOrTakesOneOfTheGuestIsRefused() throws Exception {
        Wire guest = Wire.guest();
        guest.receive(Yamux.DATA, Yamux.SYN, 7, 0);
        assertThatThrownBy(() -> guest.receive(Yamux.DATA, Yamux.SYN, 7, 0)).hasMessageContaining("used before (stream 7)");
        assertThatThrownBy(() -> Wire.guest().receive(Yamux.DATA, Yamux.SYN, 8, 0)).hasMessageContaining("an id of this side");
        assertThatThrownBy(() -> Wire.guest().receive(Yamux.DATA, 0, 9, 1)).hasMessageContaining("never opened");
    }

    @Test
    void noMoreStreamsAreOpenedThanTheLimitAllows() throws Exception {
        Wire small = Wire.host(new Limits(2, 0));
        MuxStream first = small.engine.open("agent");
        small.engine.open("agent");
        assertThatThrownBy(() -> small.engine.open("agent")).isInstanceOf(IOException.class).hasMessageContaining("2 are open");
        first.close();
        small.engine.open("agent");
    }
}
