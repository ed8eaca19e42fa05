package dev.agentruntime.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.runtime.PingStatus;
import dev.agentruntime.runtime.PingTarget;
import dev.agentruntime.runtime.spi.PingReply;
import dev.agentruntime.runtime.spi.VmException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PingRoundTest {

    private final ExecutorService workers = Executors.newFixedThreadPool(4);
    private final CountDownLatch hold = new CountDownLatch(1);

    @AfterEach
    void stop() {
        hold.countDown();
        workers.shutdownNow();
    }

    @Test
    void whatAnAgentAnswersIsReported() {
        Target target = new Target("a", () -> new PingReply(200, "{\"status\":\"HealthyBusy\"}"));
        new PingRound(new FakeRuntimes(target), Runnable::run).begin();
        assertThat(target.reports).containsExactly(PingStatus.HEALTHY_BUSY);
    }

    @Test
    void noAnswerIsAFailedPing() {
        Target target = new Target("a", () -> {
            throw new VmException("no answer within 1 s");
        });
        new PingRound(new FakeRuntimes(target), Runnable::run).begin();
        assertThat(target.reports).containsExactly(PingStatus.FAILED);
    }

    @Test
    void aFaultOfThePlatformDoesNotCountAgainstTheAgent() {
        Target target = new Target("a", () -> {
            throw new IllegalStateException("a bug");
        });
        PingRound round = new PingRound(new FakeRuntimes(target), Runnable::run);
        round.begin();
        round.begin();
        assertThat(target.reports).isEmpty();
    }

    @Test
    void aSlowAgentIsAskedOnceAndDelaysNoOther() {
        Target slow = new Target("slow", () -> {
            try {
                hold.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
            return new PingReply(200, "{\"status\":\"Healthy\"}");
        });
        Target quick = new Target("quick", () -> new PingReply(200, "{\"status\":\"Healthy\"}"));
        PingRound round = new PingRound(new FakeRuntimes(slow, quick), workers);
        for (int i = 1; i <= 10; i++) {
            int rounds = i;
            round.begin();
            await().atMost(Duration.ofSeconds(5)).until(() -> quick.reports.size() >= rounds || quick.asked < rounds);
        }
        assertThat(slow.asked).isEqualTo(1);
        assertThat(quick.reports).isNotEmpty();
        hold.countDown();
        await().atMost(Duration.ofSeconds(5)).until(() -> slow.reports.size() == 1);
    }

    @Test
    void oneSessionCanBeAskedOutOfTurn() {
        Target target = new Target("a", () -> new PingReply(200, "{\"status\":\"Healthy\"}"));
        new PingRound(new FakeRuntimes(), Runnable::run).askNow(target);
        assertThat(target.reports).containsExactly(PingStatus.HEALTHY);
    }

    private static final class Target implements PingTarget {
        private final String session;
        private final Supplier<PingReply> answer;
        private final List<PingStatus> reports = new CopyOnWriteArrayList<>();
        private volatile int asked;

        Target(String session, Supplier<PingReply> answer) {
            this.session = session;
            this.answer = answer;
        }

        @Override
        public String runtime() {
            return "hello";
        }

        @Override
        public String sessionId() {
            return session;
        }

        @Override
        public synchronized PingReply ask(Duration timeout) {
            asked++;
            return answer.get();
        }

        @Override
        public void report(PingStatus status) {
            reports.add(status);
        }
    }
}
