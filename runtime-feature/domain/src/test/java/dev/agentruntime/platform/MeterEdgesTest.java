package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.Invocation;
import dev.agentruntime.spi.fake.FakeDriver.Step;
import dev.agentruntime.spi.fake.FakeVm;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How often meters are read while calls follow each other, and that nothing is lost by it. */
final class MeterEdgesTest extends PlatformTestBase {

    private final AtomicInteger readings = new AtomicInteger();

    private void count() {
        driver.failures().always(Step.READ, () -> {
            readings.incrementAndGet();
            return null; // nothing fails
        });
    }

    /** A call that uses CPU and takes some time. */
    private void call(FakeVm vm, Duration took) {
        Invocation invocation = invoke(ID, ALICE);
        vm.burn(Duration.ofMillis(1));
        clock.advance(took);
        invocation.close(Invocation.Outcome.SUCCESS);
    }

    private long told() {
        return recorder.sessionCpu.get();
    }

    @Test
    void callsThatFollowEachOtherCloselyShareTheirReadings() {
        startReady();
        FakeVm vm = served(ID, ALICE);
        pass(Duration.ofSeconds(1));
        count();
        for (int i = 0; i < 100; i++) {
            call(vm, Duration.ofMillis(10));
        }
        // Of 200 edges; one more may come while a reading is under way.
        await().untilAsserted(() -> assertThat(readings).hasPositiveValue());
        assertThat(readings.get()).isLessThanOrEqualTo(40);
    }

    @Test
    void callsThatAreApartAreEachReadAtBothEdges() {
        startReady();
        FakeVm vm = served(ID, ALICE);
        clock.advance(Duration.ofSeconds(1));
        count();
        for (int i = 0; i < 10; i++) {
            int before = readings.get();
            Invocation invocation = invoke(ID, ALICE);
            await().untilAsserted(() -> assertThat(readings).hasValue(before + 1));
            vm.burn(Duration.ofMillis(1));
            clock.advance(Duration.ofMillis(300));
            invocation.close(Invocation.Outcome.SUCCESS);
            await().untilAsserted(() -> assertThat(readings).hasValue(before + 2));
            clock.advance(Duration.ofMillis(300));
        }
        await().untilAsserted(() -> assertThat(told()).isEqualTo(Duration.ofMillis(10).toNanos()));
    }

    @Test
    void whatTheLastOfManyCallsHasUsedIsReadWithinASecondAndThenNoMore() {
        startReady();
        FakeVm vm = served(ID, ALICE);
        clock.advance(Duration.ofSeconds(1));
        for (int i = 0; i < 30; i++) {
            call(vm, Duration.ofMillis(10));
        }
        pass(Duration.ofSeconds(1));
        await().untilAsserted(() -> assertThat(told()).isEqualTo(Duration.ofMillis(30).toNanos()));
        count();
        for (int i = 0; i < 8; i++) {
            pass(Duration.ofSeconds(1));
        }
        assertThat(readings).hasValue(0);
    }

    @Test
    void whoeverAsksForItSeesWhatTheLastCallHasUsed() {
        startReady();
        FakeVm vm = served(ID, ALICE);
        for (int i = 0; i < 3; i++) {
            call(vm, Duration.ofMillis(10));
            assertThat(platform.session("hello", ID, ALICE).usage().cpuNanos()).isEqualTo(Duration.ofMillis(i + 1).toNanos());
        }
    }

    @Test
    void theEndOfASessionThatWasCalledAMomentAgoCountsAllOfIt() {
        startReady();
        FakeVm vm = served(ID, ALICE);
        call(vm, Duration.ofMillis(10));
        call(vm, Duration.ofMillis(10));
        get(platform.stop("hello", ID, ALICE));
        await().untilAsserted(() -> assertThat(told()).isEqualTo(Duration.ofMillis(2).toNanos()));
    }
}
