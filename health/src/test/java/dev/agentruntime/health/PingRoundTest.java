package dev.agentruntime.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.PingAnswer;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.SessionProbe;
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
        Target target = new Target("a", () -> new PingAnswer.Replied(200, "{\"status\":\"HealthyBusy\"}"));
        new PingRound(new FakePlatform(target), Runnable::run).begin();
        assertThat(target.reports).containsExactly(PingStatus.HEALTHY_BUSY);
    }

    @Test
    void noAnswerIsAFailedPing() {
        Target target = new Target("a", () -> {
            return new PingAnswer.Silent("no answer within 1 s");
        });
        new PingRound(new FakePlatform(target), Runnable::run).begin();
        assertThat(target.reports).containsExactly(PingStatus.FAILED);
    }

    @Test
    void aFaultOfThePlatformDoesNotCountAgainstTheAgent() {
        Target target = new Target("a", () -> {
            throw new IllegalStateException("a bug");
        });
        PingRound round = new PingRound(new FakePlatform(target), Runnable::run);
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
            return new PingAnswer.Replied(200, "{\"status\":\"Healthy\"}");
        });
        Target quick = new Target("quick", () -> new PingAnswer.Replied(200, "{\"status\":\"Healthy\"}"));
        PingRound round = new PingRound(new FakePlatform(slow, quick), workers);
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
        Target target = new Target("a", () -> new PingAnswer.Replied(200, "{\"status\":\"Healthy\"}"));
        new PingRound(new FakePlatform(), Runnable::run).askNow(target);
        assertThat(target.reports).containsExactly(PingStatus.HEALTHY);
    }

    private static final class Target implements SessionProbe {
        private final String session;
        private final Supplier<PingAnswer> answer;
        private final List<PingStatus> reports = new CopyOnWriteArrayList<>();
        private volatile int asked;

        Target(String session, Supplier<PingAnswer> answer) {
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
        public synchronized PingAnswer ask(Duration timeout) {
            asked++;
            return answer.get();
        }

        @Override
        public void report(PingStatus status, String said) {
            reports.add(status);
        }
    }
}
