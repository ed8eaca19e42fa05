package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The bytes of yamux's specification: version, type, flags (2), stream id (4), length (4). */
class WireFormatTest {

    private static final String AGENT = HexFormat.of().formatHex("agent\n".getBytes());

    @Test
    void openingAStreamSendsItsTargetWithSyn() throws Exception {
        Wire host = Wire.host();
        host.engine.open("agent");
        host.engine.open("agent");
        assertThat(host.sent()).isEqualTo("00" + "00" + "0001" + "00000001" + "00000006" + AGENT
                + "00" + "00" + "0001" + "00000003" + "00000006" + AGENT);
        assertThat(host.sent()).isEmpty();
    }

    @Test
    void acceptingAStreamSendsAnEmptyWindowUpdateWithAck() throws Exception {
        Wire guest = Wire.guest();
        guest.receive("00 00 0001 00000001 00000006" + AGENT);
        assertThat(guest.accepted).hasSize(1);
        assertThat(guest.sent()).isEqualTo("00" + "01" + "0002" + "00000001" + "00000000");
    }

    @Test
    void theFirstDataOfAnAcceptedStreamCanCarryTheAck() throws Exception {
        Wire guest = Wire.guest();
        guest.receive("00 01 0001 00000001 00000000");
        guest.accepted.get(0).write(ByteBuffer.wrap(new byte[] {42}));
        assertThat(guest.sent()).isEqualTo("00" + "00" + "0002" + "00000001" + "00000001" + "2a");
    }

    @Test
    void theEndOfOutputRidesOnTheLastData() throws Exception {
        Wire host = Wire.host();
        host.engine.open("agent").shutdownOutput();
        assertThat(host.sent()).isEqualTo("00" + "00" + "0005" + "00000001" + "00000006" + AGENT);
    }

    @Test
    void theEndOfOutputAfterTheLastDataIsAnEmptyWindowUpdateWithFin() throws Exception {
        Wire host = Wire.host();
        MuxStream stream = host.engine.open("agent");
        host.sent();
        stream.shutdownOutput();
        stream.shutdownOutput();
        assertThat(host.sent()).isEqualTo("00" + "01" + "0004" + "00000001" + "00000000");
    }

    @Test
    void closingAnOpenStreamSendsRst() throws Exception {
        Wire host = Wire.host();
        MuxStream stream = host.engine.open("agent");
        host.sent();
        stream.close();
        stream.close();
        assertThat(host.sent()).isEqualTo("00" + "01" + "0008" + "00000001" + "00000000");
    }

    @Test
    void aStreamThatIsClosedBeforeThePeerKnewItSendsNothing() throws Exception {
        Wire host = Wire.host();
        host.engine.open("agent").close();
        assertThat(host.sent()).isEmpty();
    }

    @Test
    void halfTheWindowIsGivenBackOnceItWasRead() throws Exception {
        Wire host = Wire.host();
        MuxStream stream = host.engine.open("agent");
        host.sent();
        for (int i = 0; i < 4; i++) {
            host.receiveData(0, 1, new byte[Yamux.MAX_PAYLOAD]);
        }
        ByteBuffer target = ByteBuffer.allocate(Yamux.INITIAL_WINDOW);
        stream.read(target.limit(Yamux.INITIAL_WINDOW / 2 - 1));
        assertThat(host.sent()).isEmpty();
        stream.read(target.limit(Yamux.INITIAL_WINDOW));
        assertThat(host.sent()).isEqualTo("00" + "01" + "0000" + "00000001" + "00020000");
    }

    @Test
    void aPingIsAnsweredWithItsOwnValue() throws Exception {
        Wire guest = Wire.guest();
        guest.receive("00 02 0001 00000000 deadbeef");
        assertThat(guest.sent()).isEqualTo("00" + "02" + "0002" + "00000000" + "deadbeef");
    }

    @Test
    void aPingOfOursIsDoneWithItsAnswer() throws Exception {
        Wire host = Wire.host();
        var answer = host.engine.ping().toCompletableFuture();
        assertThat(host.sent()).isEqualTo("00" + "02" + "0001" + "00000000" + "00000001");
        assertThat(answer).isNotDone();
        host.receive("00 02 0002 00000000 00000001");
        assertThat(answer).isCompleted();
    }

    @Test
    void aRejectedPeerIsToldOfItsProtocolError() {
        Wire guest = Wire.guest();
        guest.engine.leave("nonsense", Yamux.PROTOCOL_ERROR);
        assertThat(guest.sent()).isEqualTo("00" + "03" + "0000" + "00000000" + "00000001");
    }

    @Test
    void noFrameIsLongerThanItsBound() throws Exception {
        Wire host = Wire.host();
        MuxStream stream = host.engine.open("agent");
        host.sent();
        stream.write(ByteBuffer.allocate(Yamux.SEND_BUFFER));
        String sent = host.sent();
        assertThat(sent).hasSize(2 * 4 * 32 * 1024).startsWith("00" + "00" + "0000" + "00000001" + "00007ff4");
    }
}
