package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.BodyCheck;
import dev.agentruntime.api.InboundVerdict;
import dev.agentruntime.api.BodyRefusedException;
import jakarta.servlet.ReadListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.io.InputStream;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

class JudgedRequestTest {

    private static final BodyCheck CHUNKS = new BodyCheck() {
        @Override
        public int take(byte[] buffer, int offset, int length) {
            return length;
        }

        @Override
        public void end() {}

        @Override
        public OptionalLong length() {
            return OptionalLong.of(7);
        }
    };

    private static HttpServletRequest judged(FakeCaller caller, BodyCheck check) {
        return new JudgedRequest(caller.request(), check, Optional.empty());
    }

    @Test
    void signaturesInABodyAreSeenByNobodyBehindTheDoor() {
        HttpServletRequest request = judged(new FakeCaller().header("Content-Encoding", "aws-chunked, gzip").bodyOfLength(200), CHUNKS);
        assertThat(request.getContentLengthLong()).isEqualTo(7);
        assertThat(Collections.list(request.getHeaders("content-encoding"))).containsExactly("gzip");
        assertThat(JudgedRequest.checkOf(request)).isSameAs(CHUNKS);
        HttpServletRequest plain = judged(new FakeCaller().header("content-encoding", "aws-chunked").header("accept", "x"), CHUNKS);
        assertThat(Collections.list(plain.getHeaderNames())).containsExactly("accept");
    }

    @Test
    void whatIsNotJudgedIsAsItCame() {
        FakeCaller caller = new FakeCaller().header("content-encoding", "gzip").bodyOfLength(20);
        assertThat(judged(caller, BodyCheck.NONE).getContentLengthLong()).isEqualTo(20);
        assertThat(Collections.list(judged(caller, BodyCheck.NONE).getHeaderNames())).containsExactly("content-encoding");
        assertThat(JudgedRequest.checkOf(caller.request())).isSameAs(BodyCheck.NONE);
    }

    private static final class Ends implements BodyCheck {
        private byte last;

        @Override
        public int take(byte[] buffer, int offset, int length) {
            last = buffer[offset + length - 1];
            int passed = 0;
            for (int i = 0; i < length; i++) {
                if (buffer[offset + i] != '#') {
                    buffer[offset + passed++] = buffer[offset + i];
                }
            }
            return passed;
        }

        @Override
        public void end() {
            if (last != '!') {
                throw new BodyRefusedException(new InboundVerdict.Refused(403, "InvalidSignatureException", "no exclamation mark"));
            }
        }
    }

    private static HttpServletRequest with(String body) {
        return new JudgedRequest(new FakeCaller().request(), new Ends(),
                Optional.of(new KeptBody(body.getBytes(StandardCharsets.UTF_8), ForkJoinPool.commonPool())));
    }

    @Test
    void whoeverReadsTheBodyHasItChecked() throws Exception {
        assertThat(with("he###llo!").getInputStream().readAllBytes()).asString().isEqualTo("hello!");
        assertThat(with("he###llo!").getInputStream().read()).isEqualTo('h');
        InputStream one = with("##h!").getInputStream();
        assertThat(new int[] {one.read(), one.read(), one.read(), one.read()}).containsExactly('h', '!', -1, -1);
        assertThatThrownBy(() -> with("hello").getInputStream().readAllBytes()).isInstanceOf(BodyRefusedException.class);
        assertThatThrownBy(() -> with("hello").getReader().lines().toList()).isInstanceOf(BodyRefusedException.class);
    }

    @Test
    void aBodyThatWasReadBeforeComesAsIfItCameNow() throws Exception {
        KeptBody body = new KeptBody("hello".getBytes(), ForkJoinPool.commonPool());
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        CompletableFuture<String> all = new CompletableFuture<>();
        body.setReadListener(new ReadListener() {
            @Override
            public void onDataAvailable() {
                byte[] buffer = new byte[2];
                for (int read = body.read(buffer, 0, 2); read > 0; read = body.read(buffer, 0, 2)) {
                    seen.write(buffer, 0, read);
                }
            }

            @Override
            public void onAllDataRead() {
                all.complete(seen.toString());
            }

            @Override
            public void onError(Throwable error) {
                all.completeExceptionally(error);
            }
        });
        assertThat(all.get()).isEqualTo("hello");
        assertThat(body.read()).isEqualTo(-1);
    }
}
