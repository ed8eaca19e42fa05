package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameMeterTest {

    private final FrameMeter client = FrameMeter.ofClient();
    private final ByteBuffer to = ByteBuffer.allocate(200_000);

    private byte[] passed(FrameMeter meter, byte[]... frames) throws FrameException {
        for (byte[] frame : frames) {
            meter.pass(ByteBuffer.wrap(frame), to, true);
        }
        byte[] bytes = new byte[to.position()];
        to.flip().get(bytes);
        to.clear();
        return bytes;
    }

    private static void refused(int code, String message, ThrowingCallable passing) {
        assertThatThrownBy(passing).isInstanceOfSatisfying(FrameException.class, e -> assertThat(e.code()).isEqualTo(code)).hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536})
    void framesPassAsTheyAre(int bytes) throws FrameException {
        byte[] frame = Frames.masked(Frames.FIN | Frames.BINARY, new byte[bytes]);
        assertThat(passed(client, frame)).isEqualTo(frame);
        assertThat(client.isBetweenFrames()).isTrue();
        byte[] ofServer = Frames.plain(Frames.FIN | Frames.BINARY, new byte[bytes]);
        assertThat(passed(FrameMeter.ofServer(), ofServer)).isEqualTo(ofServer);
    }

    @Test
    void framesPassHoweverTheyAreCutAndHoweverLittleRoomThereIs() throws FrameException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < 300; i++) {
            byte[] payload = new byte[random.nextInt(i % 10 == 0 ? 70_000 - 4_465 : 200)];
            random.nextBytes(payload);
            all.writeBytes(switch (i % 5) {
                case 0 -> Frames.masked(Frames.TEXT, payload);
                case 1 -> Frames.masked(Frames.FIN | Frames.PING, new byte[random.nextInt(126)]);
                case 2 -> Frames.masked(Frames.FIN, payload);
                default -> Frames.masked(Frames.FIN | Frames.BINARY, payload);
            });
        }
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        ByteBuffer from = ByteBuffer.wrap(all.toByteArray());
        while (from.hasRemaining()) {
            ByteBuffer some = from.slice(from.position(), Math.min(from.remaining(), 1 + random.nextInt(500)));
            int before = some.remaining();
            while (some.hasRemaining()) {
                ByteBuffer room = ByteBuffer.allocate(FrameMeter.MOST_KEPT + random.nextInt(100));
                client.pass(some, room, true);
                passed.write(room.array(), 0, room.position());
            }
            from.position(from.position() + before);
        }
        assertThat(passed.toByteArray()).as("seed %d", seed).isEqualTo(all.toByteArray());
    }

    static Stream<Arguments> wrongFrames() {
        return Stream.of(
                Arguments.of("reserved bit", 1002, new byte[][] {Frames.masked(0xc1, new byte[0])}),
                Arguments.of("unknown opcode 3", 1002, new byte[][] {Frames.masked(Frames.FIN | 3, new byte[0])}),
                Arguments.of("unknown opcode 11", 1002, new byte[][] {Frames.masked(Frames.FIN | 11, new byte[0])}),
                Arguments.of("A client masks", 1002, new byte[][] {Frames.plain(Frames.FIN | Frames.TEXT, new byte[3])}),
                Arguments.of("one frame of at most 125", 1002, new byte[][] {Frames.masked(Frames.PING, new byte[3])}),
                Arguments.of("one frame of at most 125", 1002, new byte[][] {Frames.masked(Frames.FIN | Frames.PING, new byte[126])}),
                Arguments.of("goes on that has not begun", 1002, new byte[][] {Frames.masked(Frames.FIN, new byte[3])}),
                Arguments.of("begins within another", 1002, new byte[][] {Frames.masked(Frames.TEXT, new byte[3]), Frames.masked(Frames.FIN | Frames.TEXT, new byte[3])}),
                Arguments.of("A frame has at most 65536 bytes", 1009, new byte[][] {Frames.masked(Frames.FIN | Frames.BINARY, new byte[65_537])}),
                Arguments.of("A frame has at most 65536 bytes", 1009, new byte[][] {{(byte) 0x82, (byte) 0xff, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0}}),
                Arguments.of("a code of two bytes", 1002, new byte[][] {Frames.masked(Frames.FIN | Frames.CLOSE, new byte[1])}),
                Arguments.of("may not have the code 1005", 1002, new byte[][] {Frames.close(1005, true)}),
                Arguments.of("may not have the code 1006", 1002, new byte[][] {Frames.close(1006, true)}),
                Arguments.of("may not have the code 999", 1002, new byte[][] {Frames.close(999, true)}),
                Arguments.of("may not have the code 2999", 1002, new byte[][] {Frames.close(2999, true)}),
                Arguments.of("may not have the code 5000", 1002, new byte[][] {Frames.close(5000, true)}),
                Arguments.of("no UTF-8", 1007, new byte[][] {Frames.masked(Frames.FIN | Frames.CLOSE, new byte[] {3, (byte) 0xe8, (byte) 0xc0})}));
    }

    @ParameterizedTest
    @MethodSource("wrongFrames")
    void whatMayNotBeSentIsRefusedAndNothingOfItPasses(String why, int code, byte[][] frames) throws FrameException {
        for (int i = 0; i < frames.length - 1; i++) {
            passed(client, frames[i]);
        }
        refused(code, why, () -> client.pass(ByteBuffer.wrap(frames[frames.length - 1]), to, true));
        assertThat(to.position()).isZero();
        assertThat(client.isBetweenFrames()).isTrue();
    }

    @Test
    void aServerDoesNotMask() {
        refused(1002, "does not mask", () -> FrameMeter.ofServer().pass(ByteBuffer.wrap(Frames.masked(Frames.FIN | Frames.TEXT, new byte[1])), to, true));
    }

    @Test
    void aMessageOfManyFramesIsBounded() throws FrameException {
        int whole = FrameMeter.MOST_MESSAGE / FrameMeter.MOST_FRAME;
        for (int i = 0; i < whole; i++) {
            passed(client, Frames.masked(i == 0 ? Frames.BINARY : 0, new byte[FrameMeter.MOST_FRAME]));
        }
        refused(1009, "A message has at most", () -> passed(client, Frames.masked(0, new byte[1])));
    }

    @Test
    void theNextMessageHasItsOwnBound() throws FrameException {
        for (int i = 0; i < 600; i++) {
            passed(client, Frames.masked(Frames.FIN | Frames.BINARY, new byte[FrameMeter.MOST_FRAME]));
        }
        assertThat(client.isBetweenFrames()).isTrue();
    }

    @Test
    void behindACloseFrameNothingPasses() throws FrameException {
        byte[] close = Frames.close(4321, true);
        assertThat(passed(client, close, Frames.text("more"))).isEqualTo(close);
        assertThat(client.close()).hasValue(new WebSocketClose(4321, ""));
    }

    @Test
    void aCloseFrameWithoutACodeSaysThatAllIsWell() throws FrameException {
        passed(client, Frames.masked(Frames.FIN | Frames.CLOSE, new byte[0]));
        assertThat(client.close()).hasValue(new WebSocketClose(1000, ""));
    }

    @Test
    void framesThatHaveNotBegunCanBeHeldBack() throws FrameException {
        byte[] frame = Frames.text("abc");
        client.pass(ByteBuffer.wrap(frame, 0, 7), to, true);
        ByteBuffer rest = ByteBuffer.wrap(frame, 7, frame.length - 7);
        client.pass(rest, to, false);
        assertThat(rest.hasRemaining()).isFalse();
        ByteBuffer next = ByteBuffer.wrap(frame);
        client.pass(next, to, false);
        assertThat(next.remaining()).isEqualTo(frame.length);
    }

    @Test
    void theReasonOfOurOwnCloseFramesFits() throws FrameException {
        WebSocketClose close = new WebSocketClose(1001, "ü".repeat(200));
        FrameMeter meter = FrameMeter.ofServer();
        passed(meter, close.frame());
        assertThat(meter.close()).hasValue(new WebSocketClose(1001, "ü".repeat(61)));
        passed(client, close.maskedFrame());
        assertThat(client.close()).hasValue(new WebSocketClose(1001, "ü".repeat(61)));
    }
}
