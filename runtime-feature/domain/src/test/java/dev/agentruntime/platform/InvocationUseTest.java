package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.Invocation.Outcome;
import dev.agentruntime.spi.InvocationUse;
import dev.agentruntime.spi.SessionFacts;
import dev.agentruntime.spi.SessionPart;
import dev.agentruntime.spi.SessionRoom;
import dev.agentruntime.spi.fake.FakeDriver.Step;
import dev.agentruntime.spi.fake.FakeVm;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What each invocation used is told to rooms that want to know, and costs nothing where none does. */
final class InvocationUseTest extends PlatformTestBase {

    private final List<InvocationUse> told = new CopyOnWriteArrayList<>();
    private volatile boolean wanted = true;

    private final SessionRoom room = new SessionRoom() {
        @Override
        public String name() {
            return "counting";
        }

        @Override
        public SessionPart join(SessionFacts session) {
            return new SessionPart() {
                @Override
                public boolean countsInvocations() {
                    return wanted;
                }

                @Override
                public void invoked(InvocationUse use) {
                    told.add(use);
                }

                @Override
                public void close() {}
            };
        }
    };

    private void burn(FakeVm vm, Duration cpu, Duration took) {
        vm.burn(cpu);
        clock.advance(took);
    }

    @Test
    void whatAnInvocationUsedIsToldOnceWithHowItWent() {
        startReady(() -> List.of(room));
        FakeVm vm = served(ID, ALICE);
        told.clear();
        burn(vm, Duration.ofSeconds(5), Duration.ofSeconds(7));
        Invocation invocation = invoke(ID, ALICE);
        Instant began = clock.instant();
        burn(vm, Duration.ofSeconds(2), Duration.ofSeconds(3));
        invocation.close(Outcome.AGENT_ERROR);
        invocation.close(Outcome.SUCCESS);
        assertThat(told).singleElement().satisfies(use -> {
            assertThat(use.requestId()).isEqualTo(invocation.requestId());
            assertThat(use.began()).isEqualTo(began);
            assertThat(use.took()).isEqualTo(Duration.ofSeconds(3));
            assertThat(use.outcome()).isEqualTo(Outcome.AGENT_ERROR);
            assertThat(use.cpuNanos()).as("what the session used between its invocations is in none").isEqualTo(Duration.ofSeconds(2).toNanos());
            assertThat(use.memoryByteSeconds()).isEqualByComparingTo(BigDecimal.valueOf(3 * (64L << 20)));
        });
    }

    @Test
    void invocationsAtTheSameTimeEachHaveWhatTheSessionUsedMeanwhile() {
        startReady(() -> List.of(room));
        FakeVm vm = served(ID, ALICE);
        told.clear();
        Invocation first = invoke(ID, ALICE);
        burn(vm, Duration.ofSeconds(1), Duration.ofSeconds(1));
        Invocation second = invoke(ID, ALICE);
        burn(vm, Duration.ofSeconds(1), Duration.ofSeconds(1));
        first.close(Outcome.SUCCESS);
        second.close(Outcome.SUCCESS);
        assertThat(told).extracting(use -> Duration.ofNanos(use.cpuNanos())).containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(1));
    }

    @Test
    void whereNobodyWantsToKnowNoMeterIsRead() {
        wanted = false;
        startReady(() -> List.of(room));
        served(ID, ALICE);
        AtomicInteger readings = new AtomicInteger();
        driver.failures().always(Step.READ, () -> {
            readings.incrementAndGet();
            return null; // nothing fails
        });
        for (int i = 0; i < 10; i++) { // the clock stands still, so that no edge is due
            served(ID, ALICE);
        }
        assertThat(readings).hasValueLessThanOrEqualTo(1);
        assertThat(told).isEmpty();
    }

    @Test
    void anInvocationWhoseVmDiesHasWhatWasReadLastAndNoLessThanNothing() {
        startReady(() -> List.of(room));
        FakeVm vm = served(ID, ALICE);
        told.clear();
        Invocation invocation = invoke(ID, ALICE);
        burn(vm, Duration.ofSeconds(2), Duration.ofSeconds(1));
        vm.die("killed by a test.");
        awaitEnded(ID, "killed by a test.");
        invocation.close(Outcome.PLATFORM_ERROR);
        // Its rooms may have left before.
        assertThat(told).allSatisfy(use -> assertThat(use.cpuNanos()).isNotNegative());
    }

    @Test
    void oneThatBeganBeforeItWasWantedIsNotTold() {
        wanted = false;
        startReady(() -> List.of(room));
        Invocation invocation = invoke(ID, ALICE);
        wanted = true;
        invocation.close(Outcome.SUCCESS);
        Invocation next = invoke(ID, ALICE);
        next.close(Outcome.SUCCESS);
        await().untilAsserted(() -> assertThat(told).extracting(InvocationUse::requestId).containsExactly(next.requestId()));
    }
}
