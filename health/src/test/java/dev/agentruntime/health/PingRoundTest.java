package dev.agentruntime.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.PingAnswer;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.SessionProbe;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PingRoundTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ExecutorService workers = PingWorkers.elastic(Thread::new);
    private final CountDownLatch hold = new CountDownLatch(1);
    private final AtomicLong now = new AtomicLong();

    @AfterEach
    void stop() {
        hold.countDown();
        workers.shutdownNow();
    }

    @Test
    void whatAnAgentAnswersIsReported() {
        Target target = new Target("a", () -> new PingAnswer.Replied(200, "{\"status\":\"HealthyBusy\"}"));
        new PingRound(new FakePlatform(target), Runnable::run, now::get).begin();
        assertThat(target.reports).containsExactly(PingStatus.HEALTHY_BUSY);
    }

    @Test
    void noAnswerIsAFailedPing() {
        Target target = new Target("a", () -> {
            return new PingAnswer.Silent("no answer within 1 s");
        });
        new PingRound(new FakePlatform(target), Runnable::run, now::get).begin();
        assertThat(target.reports).containsExactly(PingStatus.FAILED);
    }

    @Test
    void aFaultOfThePlatformDoesNotCountAgainstTheAgent() {
        Target target = new Target("a", () -> {
            throw new IllegalStateException("a bug");
        });
        PingRound round = new PingRound(new FakePlatform(target), Runnable::run, now::get);
        round.begin();
        round.begin();
        assertThat(target.reports).isEmpty();
    }

    @Test
    void aSlowAgentIsAskedOnceAndDelaysNoOther() {
        Target slow = slow("slow");
        Target quick = new Target("quick", () -> new PingAnswer.Replied(200, "{\"status\":\"Healthy\"}"));
        PingRound round = new PingRound(new FakePlatform(slow, quick), workers, now::get);
        for (int i = 1; i <= 10; i++) {
            int rounds = i;
            round.begin();
            await().atMost(PATIENCE).until(() -> quick.reports.size() >= rounds || quick.asked < rounds);
        }
        assertThat(slow.asked).isEqualTo(1);
        assertThat(quick.reports).isNotEmpty();
        hold.countDown();
        await().atMost(PATIENCE).until(() -> slow.reports.size() == 1);
    }

    @Test
    void oneSessionCanBeAskedOutOfTurn() {
        Target target = new Target("a", () -> new PingAnswer.Replied(200, "{\"status\":\"Healthy\"}"));
        new PingRound(new FakePlatform(), Runnable::run, now::get).askNow(target);
        assertThat(target.reports).containsExactly(PingStatus.HEALTHY);
    }

    @Test
    void hundredsOfGuestsThatKeepTheQuestionDelayNoOther() {
        Target quick = new Target("quick", () -> new PingAnswer.Replied(200, "{\"status\":\"Healthy\"}"));
        SessionProbe[] all = Stream.concat(IntStream.range(0, 300).mapToObj(i -> slow("slow" + i)), Stream.of(quick))
                .toArray(SessionProbe[]::new);
        new PingRound(new FakePlatform(all), workers, now::get).begin();
        await().atMost(PATIENCE).until(() -> quick.reports.size() == 1);
    }

    @Test
    void aPingThatDoesNotComeBackIsCountedOncePerTimeOut() {
        Target stuck = slow("stuck");
        PingRound round = new PingRound(new FakePlatform(stuck), workers, now::get);
        round.begin();
        pass(round, Duration.ofMillis(2_500));
        assertThat(stuck.reports).isEmpty();
        for (int failed = 1; failed <= 3; failed++) {
            int times = failed;
            pass(round, Duration.ofSeconds(3));
            pass(round, Duration.ofMillis(100));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(stuck.reports).hasSize(times));
        }
        assertThat(stuck.reports).containsOnly(PingStatus.FAILED);
        assertThat(stuck.said).containsOnly("no answer within 1s");
        assertThat(stuck.asked).isEqualTo(1);
    }

    @Test
    void anAnswerAfterItsTimeDoesNotCountAsWell() {
        Target stuck = slow("stuck");
        PingRound round = new PingRound(new FakePlatform(stuck), workers, now::get);
        round.begin();
        pass(round, Duration.ofSeconds(3));
        await().atMost(PATIENCE).until(() -> stuck.reports.size() == 1);
        hold.countDown();
        await().atMost(PATIENCE).until(() -> {
            round.begin();
            return stuck.asked >= 2;
        });
        await().atMost(PATIENCE).untilAsserted(() ->
                assertThat(stuck.reports).startsWith(PingStatus.FAILED, PingStatus.HEALTHY));
    }

    @Test
    void aSessionForWhichThereWasNoThreadIsAskedInTheNextRound() {
        Target target = new Target("a", () -> new PingAnswer.Replied(200, "{\"status\":\"Healthy\"}"));
        AtomicInteger tries = new AtomicInteger();
        PingRound round = new PingRound(new FakePlatform(target), task -> {
            if (tries.incrementAndGet() == 1) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            task.run();
        }, now::get);
        assertThatThrownBy(round::begin).isInstanceOf(OutOfMemoryError.class);
        round.begin();
        assertThat(target.reports).containsExactly(PingStatus.HEALTHY);
    }

    @Test
    void aFaultInReportingHarmsNoOtherSession() {
        Target faulty = new Target("a", () -> new PingAnswer.Replied(200, ""));
        faulty.fault = Optional.of(new IllegalStateException("a bug"));
        Target good = new Target("b", () -> new PingAnswer.Replied(200, ""));
        new PingRound(new FakePlatform(faulty, good), Runnable::run, now::get).begin();
        assertThat(good.reports).containsExactly(PingStatus.HEALTHY);
    }

    private void pass(PingRound round, Duration time) {
        now.addAndGet(time.toNanos());
        round.begin();
    }

    private Target slow(String session) {
        return new Target(session, () -> {
            try {
                hold.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
            return new PingAnswer.Replied(200, "{\"status\":\"Healthy\"}");
        });
    }

    private static final class Target implements SessionProbe {
        private final String session;
        private final Supplier<PingAnswer> answer;
        private final List<PingStatus> reports = new CopyOnWriteArrayList<>();
        private final List<String> said = new CopyOnWriteArrayList<>();
        private volatile Optional<RuntimeException> fault = Optional.empty();
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
            fault.ifPresent(thrown -> {
                throw thrown;
            });
            this.said.add(said);
            reports.add(status);
        }
    }
}
