package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.BodyCheck;
import dev.agentruntime.api.BodyRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PacedBodyTest {

    private final AtomicLong nanos = new AtomicLong();

    /** Sends so much at once, and takes so long for it. */
    private final class Sender extends BlockingBody {
        private final int atOnce;
        private final Duration each;
        private int left;

        Sender(int all, int atOnce, Duration each) {
            this.left = all;
            this.atOnce = atOnce;
            this.each = each;
        }

        @Override
        int next(byte[] buffer, int offset, int length) {
            nanos.addAndGet(each.toNanos());
            int sent = Math.min(Math.min(atOnce, left), length);
            left -= sent;
            return sent == 0 ? -1 : sent;
        }
    }

    private InputStream paced(int all, int atOnce, Duration each) {
        return new PacedBody(new Sender(all, atOnce, each), PacedBody.Pace.USUAL, nanos::get);
    }

    private void assertTooSlow(InputStream body, Duration after) {
        assertThatThrownBy(body::readAllBytes).isInstanceOfSatisfying(BodyRefusedException.class, e -> {
            assertThat(e.refusal().status()).isEqualTo(408);
            assertThat(e.refusal().message()).startsWith("The body came too slowly: it has 20 seconds");
        });
        assertThat(Duration.ofNanos(nanos.get())).isEqualTo(after);
    }

    @Test
    void aSmallBodyMayTakeItsTime() throws IOException {
        assertThat(paced(10, 1, Duration.ofSeconds(2)).readAllBytes()).hasSize(10);
    }

    @Test
    void aBodyThatTricklesInIsNotWaitedForLongerThanOneReadMore() {
        assertTooSlow(paced(4096, 1, Duration.ofSeconds(59)), Duration.ofSeconds(59));
        nanos.set(0);
        assertTooSlow(paced(4096, 1, Duration.ofSeconds(1)), Duration.ofSeconds(21));
    }

    @Test
    void aLargeBodyThatKeepsThePaceMayTakeLong() throws IOException {
        assertThat(paced(10 << 20, 8 * 1024, Duration.ofMillis(500)).readAllBytes()).hasSize(10 << 20);
        assertThat(Duration.ofNanos(nanos.get())).isGreaterThanOrEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void aLargeBodyThatSlowsDownIsRefused() {
        assertTooSlow(paced(10 << 20, 4 * 1024, Duration.ofSeconds(1)), Duration.ofSeconds(27));
    }

    @Test
    void whatIsDoneWithItMeanwhileDoesNotCount() throws IOException {
        InputStream body = paced(100, 1, Duration.ofMillis(1));
        for (int i = 0; i < 100; i++) {
            assertThat(body.read()).isZero();
            nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        }
        assertThat(body.read()).isEqualTo(-1);
    }

    @Test
    void aSignedBodyIsPacedBeforeItIsChecked() throws IOException {
        FakeCaller caller = new FakeCaller();
        BodyCheck passesNothing = new BodyCheck() {
            @Override
            public int take(byte[] buffer, int offset, int length) {
                return 0;
            }

            @Override
            public void end() {
                throw new AssertionError("it has none");
            }
        };
        InputStream body = new CheckedBody(new PacedBody(new Sender(Integer.MAX_VALUE, 1, Duration.ofSeconds(1)), PacedBody.Pace.USUAL, nanos::get), passesNothing);
        assertTooSlow(body, Duration.ofSeconds(21));
        assertThat(JudgedRequest.wholeBodyOf(caller.request())).isInstanceOf(PacedBody.class);
        assertThat(new JudgedRequest(caller.request(), BodyCheck.NONE, Optional.empty()).getInputStream()).isInstanceOf(CheckedBody.class);
    }
}
