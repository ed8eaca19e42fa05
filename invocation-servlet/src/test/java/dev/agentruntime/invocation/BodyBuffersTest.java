package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.BodyCheck;
import dev.agentruntime.api.BodyRefusedException;
import dev.agentruntime.api.InboundVerdict;
import dev.agentruntime.api.RequestException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.junit.jupiter.api.Test;

class BodyBuffersTest {

    private final FakeInput in = new FakeInput();
    private final ArrayByteBufferPool.Tracking buffers = new ArrayByteBufferPool.Tracking();

    @Test
    void theBufferThatMakesABodyOfKnownLengthWholeIsItsLast() throws Exception {
        BodyBuffers body = new BodyBuffers(in, 20_000, BodyCheck.NONE, buffers);
        in.feed(new byte[20_000]);
        assertThat(next(body)).isEqualTo("16384 of more");
        assertThat(next(body)).isEqualTo("3616, the last");
    }

    @Test
    void ofABodyOfUnknownLengthNoBufferIsTheLast() throws Exception {
        BodyBuffers body = new BodyBuffers(in, -1, BodyCheck.NONE, buffers);
        in.feed(new byte[5]);
        in.end();
        assertThat(next(body)).isEqualTo("5 of more");
        assertThat(body.length()).isEqualTo(-1);
    }

    @Test
    void aBodyOfAllThatMayBeIsReadAndOneByteMoreIsRefused() throws Exception {
        BodyBuffers body = new BodyBuffers(in, -1, BodyCheck.NONE, buffers);
        in.feed(new byte[(int) BodyBuffers.MAX_BYTES]);
        for (long left = BodyBuffers.MAX_BYTES; left > 0; ) {
            left -= Long.parseLong(next(body).split(" ")[0]);
        }
        in.feed(new byte[1]);
        assertThatThrownBy(body::readReady).isInstanceOfSatisfying(RequestException.class,
                refused -> assertThat(refused.kind()).isEqualTo(RequestException.Kind.VALIDATION));
        assertThat(buffers.getLeaks()).isEmpty();
    }

    /** Hands on what comes before the first star, in the place of what came. */
    private static final class Cut implements BodyCheck {
        private boolean over;

        @Override
        public int take(byte[] buffer, int offset, int length) {
            for (int i = 0; i < length; i++) {
                if (buffer[offset + i] == '*') {
                    over = true;
                    return i;
                }
            }
            return length;
        }

        @Override
        public void end() {
            if (!over) {
                throw new BodyRefusedException(new InboundVerdict.Refused(403, "InvalidSignatureException", "no star"));
            }
        }
    }

    @Test
    void ofABodyThatIsJudgedNobodyGetsWhatTheCheckKeeps() throws Exception {
        BodyBuffers body = new BodyBuffers(in, 6, new Cut(), buffers);
        in.feed("abc".getBytes(StandardCharsets.UTF_8));
        assertThat(next(body)).isEqualTo("3 of more");
        in.feed("def*signature".getBytes(StandardCharsets.UTF_8));
        assertThat(next(body)).isEqualTo("3, the last");
        assertThat(body.end()).isEmpty();
        assertThat(buffers.getLeaks()).isEmpty();
    }

    @Test
    void aBodyThatIsNotTheOneThatWasSignedIsNeverWhole() throws Exception {
        BodyBuffers known = new BodyBuffers(in, 3, new Cut(), buffers);
        in.feed("abc".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(known::readReady).isInstanceOf(BodyRefusedException.class);
        BodyBuffers unknown = new BodyBuffers(in, -1, new Cut(), buffers);
        in.feed("abc".getBytes(StandardCharsets.UTF_8));
        assertThat(next(unknown)).isEqualTo("3 of more");
        assertThat(unknown.end()).containsInstanceOf(BodyRefusedException.class);
        assertThat(buffers.getLeaks()).isEmpty();
    }

    /** Hands nothing on, and is right when a star has come. */
    private static final class Nothing implements BodyCheck {
        private boolean over;

        @Override
        public int take(byte[] buffer, int offset, int length) {
            over = over || buffer[offset + length - 1] == '*';
            return 0;
        }

        @Override
        public void end() {
            if (!over) {
                throw new BodyRefusedException(new InboundVerdict.Refused(403, "InvalidSignatureException", "no star"));
            }
        }
    }

    @Test
    void anEmptyBodyThatIsSignedInChunksMayComeInPieces() throws Exception {
        BodyBuffers body = new BodyBuffers(in, 0, new Nothing(), buffers);
        in.feed("0;chunk-sig".getBytes(StandardCharsets.UTF_8));
        assertThat(body.readReady()).isEmpty();
        in.feed("nature*".getBytes(StandardCharsets.UTF_8));
        assertThat(body.readReady()).isEmpty();
        assertThat(body.end()).isEmpty();
    }

    @Test
    void aReadThatFailsAndTheEndLeaveNoBufferBehind() throws Exception {
        BodyBuffers body = new BodyBuffers(in, 10, BodyCheck.NONE, buffers);
        assertThatThrownBy(body::readReady).isInstanceOf(IllegalStateException.class);
        in.end();
        assertThat(body.readReady()).isEmpty();
        assertThat(buffers.getLeaks()).isEmpty();
    }

    private static String next(BodyBuffers body) throws IOException {
        Optional<Content.Chunk> chunk = body.readReady();
        String what = chunk.orElseThrow().remaining() + (chunk.get().isLast() ? ", the last" : " of more");
        chunk.get().release();
        return what;
    }
}
