package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.agents.PoolBounds;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.PingAnswer;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.SessionProbe;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Subject;
import dev.agentruntime.spi.fake.Chaos;
import dev.agentruntime.store.SessionRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;

/**
 * Drives a whole platform with random requests, pings, stops, deaths, outages and clock corrections, over a driver that is late,
 * hangs and fails at random. A failure names the seed; with many threads it brings back the mixture, not each event.
 */
final class RandomPlatformTest extends PlatformTestBase {

    private static final Logger OURS = Logger.getLogger("dev.agentruntime");
    private static final List<String> IDS = IntStream.range(0, 6).mapToObj(i -> "session-" + i + "-0123456789-0123456789-0123").toList();
    private static final List<Caller> CALLERS = List.of(ALICE, BOB, ALICE_ELSEWHERE);

    private final long seed = Long.getLong("agentruntime.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final Chaos chaos = new Chaos(seed);
    private final String told = "seed " + seed + " (run with -Dagentruntime.seed=" + seed + ")";
    private final List<CompletableFuture<Invocation>> asked = new ArrayList<>();
    private final List<CompletableFuture<SessionView>> stops = new ArrayList<>();
    private final List<Invocation> open = new ArrayList<>();
    private final Map<String, Subject> owners = new HashMap<>();
    private final ExecutorService pingers = Executors.newCachedThreadPool();

    @BeforeEach
    void quietly() {
        OURS.setLevel(Level.OFF);
    }

    @AfterEach
    void loudly() {
        chaos.calm();
        pingers.shutdownNow();
        OURS.setLevel(Level.INFO);
    }

    @RepeatedTest(6)
    void everyCallerIsAnsweredAndNothingIsLeft() {
        pool = random.nextBoolean() ? new PoolBounds(0, 0) : new PoolBounds(1, 2);
        startReady();
        driver.failures().chaos(chaos);
        for (int step = 0; step < 400; step++) {
            happen(random.nextInt(30));
            collect();
        }
        calm();
        assertThat(asked).as("every caller is answered; " + told).allMatch(CompletableFuture::isDone);
        assertThat(stops).as("every stop is answered; " + told).allMatch(CompletableFuture::isDone);
        endAll();
        assertThat(ledger.rows()).as(told).isNotEmpty().allSatisfy(row -> {
            assertThat(row.closedAt()).isPresent();
            assertThat(row.reasonCode()).isPresent();
            assertThat(row.view().usage().memoryByteSeconds()).isNotNegative();
        });
        assertThat(ledger.rows()).as("an id keeps its owner; " + told).allSatisfy(row ->
                assertThat(row.view().subject()).isEqualTo(owners.getOrDefault(row.view().sessionId(), row.view().subject())));
        if (pool.max() == 0) {
            assertThat(recorder.sessionCpu.get() + recorder.startCpu.get()).as("all CPU is charged once; " + told)
                    .isEqualTo(driver.started().stream().mapToLong(vm -> vm.destroy().cpuNanos()).sum());
        }
    }

    private void happen(int roll) {
        switch (roll) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> ask();
            case 8, 9, 10, 11 -> hangUp();
            case 12, 13, 14 -> pass(Duration.ofMillis(random.nextInt(4_000)));
            case 15, 16, 17, 18 -> ping();
            case 19 -> pass(Duration.ofSeconds(random.nextInt(10) == 0 ? 1_000 : 11));
            case 20 -> any(driver.started()).filter(vm -> random.nextInt(8) == 0).ifPresent(vm -> vm.die("killed at random"));
            case 21 -> stops.add(platform.stop("hello", any(IDS).orElseThrow(), ADMIN).toCompletableFuture());
            case 22 -> clock.correct(Duration.ofHours(random.nextInt(17) - 8));
            case 23 -> ledger.fail();
            case 24, 25 -> ledger.work();
            case 26 -> directory.fail();
            case 27 -> directory.work();
            case 28 -> any(driver.live()).ifPresent(vm -> vm.burn(Duration.ofMillis(random.nextInt(100))));
            default -> looked();
        }
    }

    private void looked() {
        try {
            platform.sessions("hello", ADMIN);
            platform.session("hello", any(IDS).orElseThrow(), ADMIN);
        } catch (RequestException | IllegalStateException refusedOrBroken) {
            assertThat(refusedOrBroken).as(told).hasMessageNotContaining("NullPointer");
        }
    }

    private void ask() {
        Caller caller = any(CALLERS).orElseThrow();
        boolean named = random.nextInt(6) > 0;
        String id = any(IDS).orElseThrow();
        asked.add(platform.invoke(new InvocationRequest("hello", named ? Optional.of(id) : Optional.empty(), caller))
                .toCompletableFuture());
    }

    private void hangUp() {
        any(open).ifPresent(invocation -> {
            open.remove(invocation);
            invocation.close(Invocation.Outcome.SUCCESS);
        });
    }

    private void ping() {
        any(platform.probes()).ifPresent(probe -> {
            PingStatus said = PingStatus.values()[random.nextInt(12) == 0 ? 1 + random.nextInt(2) : 0];
            pingers.execute(() -> ping(probe, said));
        });
    }

    private static void ping(SessionProbe probe, PingStatus said) {
        try {
            PingAnswer answer = probe.ask(Duration.ofSeconds(1));
            probe.report(answer instanceof PingAnswer.Silent ? PingStatus.FAILED : said, "said");
        } catch (IllegalStateException broken) {
            probe.report(PingStatus.FAILED, "The fake driver broke.");
        }
    }

    /** Those who were answered hold their sessions open from now on. */
    private void collect() {
        for (CompletableFuture<Invocation> answer : List.copyOf(asked)) {
            if (answer.isDone()) {
                asked.remove(answer);
                if (!answer.isCompletedExceptionally()) {
                    Invocation invocation = answer.join();
                    open.add(invocation);
                    directory.owner("hello", invocation.sessionId()).ifPresent(owner ->
                            assertThat(owners.computeIfAbsent(invocation.sessionId(), first -> owner)).as(told).isEqualTo(owner));
                } else {
                    assertThat(failure(answer)).as(told).isInstanceOf(RequestException.class);
                }
            }
        }
    }

    private static Throwable failure(CompletableFuture<?> answer) {
        try {
            answer.join();
            throw new AssertionError("It did not fail.");
        } catch (CompletionException e) {
            return e.getCause();
        }
    }

    private void calm() {
        chaos.calm();
        ledger.work();
        directory.work();
        await(told).atMost(Duration.ofSeconds(10)).until(() -> {
            pass(Duration.ofSeconds(1));
            return asked.stream().allMatch(CompletableFuture::isDone) && stops.stream().allMatch(CompletableFuture::isDone);
        });
        collect();
        open.forEach(Invocation::close);
    }

    private void endAll() {
        await(told).atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            for (SessionView view : platform.sessions("hello", ADMIN)) {
                if (view.status() != SessionView.Status.TERMINATED) {
                    platform.stop("hello", view.sessionId(), ADMIN);
                }
            }
            pass(Duration.ofSeconds(61));
            assertThat(driver.live().stream().filter(vm -> vm.session().isPresent())).as("no VM is left").isEmpty();
            assertThat(ledger.rows()).allMatch(row -> row.closedAt().isPresent());
            assertThat(rowsOfLive()).isEmpty();
        });
        if (pool.max() == 0) {
            await(told).untilAsserted(() -> assertThat(driver.live()).as("no VM is left").isEmpty());
        }
    }

    private List<SessionRecord> rowsOfLive() {
        return ledger.rows().stream().filter(row -> row.view().status() != SessionView.Status.TERMINATED).toList();
    }

    private <T> Optional<T> any(List<T> all) {
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }
}
