package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.PingAnswer;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.PlatformListener;
import dev.agentruntime.api.SessionProbe;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.fake.FakeDriver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What agents say of themselves, and what follows. */
final class ProbeTest extends PlatformTestBase {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private final List<PingStatus> pings = new CopyOnWriteArrayList<>();

    @Test
    void theReasonOfAnUnhealthyEndQuotesTheLastAnswer() {
        startProbed();
        SessionProbe probe = platform.probes().get(0);
        for (int i = 0; i < 3; i++) {
            probe.report(PingStatus.FAILED, "503 {\"status\":\"warming\u0000up\"}");
        }
        awaitEnded(ID, "3 pings in a row failed. The agent's last answer: 503 {\"status\":\"warming up\"}");
    }

    @Test
    void aPingOfASessionThatIsBeingEndedCountsNowhere() {
        startProbed();
        SessionProbe probe = platform.probes().get(0);
        driver.failures().hold(FakeDriver.Step.DESTROY);
        var stop = platform.stop("hello", ID, ALICE);
        assertThat(probe.ask(SECOND)).isInstanceOf(PingAnswer.Silent.class);
        probe.report(PingStatus.FAILED, "the link is down");
        driver.failures().release(FakeDriver.Step.DESTROY);
        assertThat(get(stop).status()).isEqualTo(SessionView.Status.TERMINATED);
        probe.report(PingStatus.FAILED, "the VM is gone");
        assertThat(pings).isEmpty();
    }

    @Test
    void aPingThatWasOutWhenTheSessionWasStoppedCountsNowhere() {
        startProbed();
        SessionProbe probe = platform.probes().get(0);
        assertThat(probe.ask(SECOND)).isInstanceOf(PingAnswer.Replied.class);
        get(platform.stop("hello", ID, ALICE));
        probe.report(PingStatus.FAILED, "the link is down");
        assertThat(pings).isEmpty();
    }

    @Test
    void whatARunningSessionSaysIsTold() {
        startProbed();
        SessionProbe probe = platform.probes().get(0);
        probe.ask(SECOND);
        probe.report(PingStatus.HEALTHY_BUSY, "HealthyBusy");
        await().untilAsserted(() -> assertThat(pings).containsExactly(PingStatus.HEALTHY_BUSY));
    }

    @Test
    void aGuestThatDoesNotAnswerIsAnAnswerToo() {
        startProbed();
        driver.failures().next(FakeDriver.Step.PING, new VmException("no\u001b[31m answer"));
        assertThat(platform.probes().get(0).ask(SECOND)).isEqualTo(new PingAnswer.Silent("no answer"));
    }

    @Test
    void aDeathEndsTheSessionAtOnceWithTheDriversSentence() {
        startProbed();
        driver.live().get(0).die("The agent's JVM ended with exit code 1.");
        await().untilAsserted(() -> assertThat(platform.session("hello", ID, ALICE).terminationReason())
                .hasValue("The VM ended by itself: The agent's JVM ended with exit code 1."));
        assertThat(pings).isEmpty();
    }

    private void startProbed() {
        startReady();
        platform.listen(new PlatformListener() {
            @Override
            public void pinged(String runtime, PingStatus status) {
                pings.add(status);
            }
        });
        served(ID, ALICE);
    }
}
