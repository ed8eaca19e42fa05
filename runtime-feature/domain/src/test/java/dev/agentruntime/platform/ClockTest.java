package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wall clock is corrected while sessions run. */
final class ClockTest extends PlatformTestBase {

    @ParameterizedTest
    @ValueSource(ints = {8, -8})
    void aCorrectionEndsNoSessionAndChargesNothing(int hours) {
        startReady();
        FakeVm vm = served(ID, ALICE);
        Invocation busy = invoke(ID + "-busy", ALICE);
        vm.hold(100);
        platform.session("hello", ID, ALICE);
        clock.correct(Duration.ofHours(hours));
        pass(Duration.ofSeconds(10));
        assertThat(platform.session("hello", ID, ALICE).usage().memoryByteSeconds()).isEqualByComparingTo("1000");
        assertThat(platform.session("hello", ID, ALICE).status()).isEqualTo(SessionView.Status.IDLE);
        assertThat(busy.session().status()).isEqualTo(SessionView.Status.ACTIVE);
        pass(Duration.ofMinutes(14));
        assertThat(platform.session("hello", ID, ALICE).status()).isEqualTo(SessionView.Status.IDLE);
        pass(Duration.ofMinutes(1));
        awaitTerminated(ID, "idle timeout");
        pass(Duration.ofMinutes(7 * 60 + 45));
        awaitTerminated(ID + "-busy", "maximum lifetime");
    }

    @ParameterizedTest
    @ValueSource(ints = {8, -8})
    void viewsShowTheWallsTime(int hours) {
        startReady();
        served(ID, ALICE);
        clock.correct(Duration.ofHours(hours));
        pass(Duration.ofMinutes(5));
        invoke(ID, ALICE).close();
        SessionView view = platform.session("hello", ID, ALICE);
        assertThat(view.lastActivityAt()).isEqualTo(hours > 0 ? clock.instant() : view.createdAt());
        served(ID + "-2", ALICE);
        assertThat(platform.session("hello", ID + "-2", ALICE).createdAt()).isEqualTo(clock.instant());
    }

    @ParameterizedTest
    @ValueSource(ints = {8, -8})
    void whatIsTriedAgainIsNotPutOff(int hours) {
        startReady();
        served(ID, ALICE);
        driver.failures().next(FakeDriver.Step.DESTROY, new VmException("The file x is left."));
        refused(platform.stop("hello", ID, ALICE));
        clock.correct(Duration.ofHours(hours));
        pass(Duration.ofSeconds(2));
        await().until(() -> driver.live().isEmpty());
    }

    @Test
    void memoryCountsByTheClockWhileNobodyAsks() {
        startReady();
        Invocation busy = invoke(ID, ALICE);
        vm(busy.vm()).hold(50);
        pass(Duration.ofSeconds(10));
        await().untilAsserted(() -> {
            pass(Duration.ofSeconds(10));
            assertThat(busy.session().usage().memoryByteSeconds().longValue()).isPositive();
        });
    }

    @Test
    void aReadingThatDoesNotKnowTheMemoryIsNoReadingOfNone() {
        startReady();
        FakeVm vm = served(ID, ALICE);
        vm.hold(100);
        platform.session("hello", ID, ALICE);
        clock.advance(Duration.ofSeconds(5));
        vm.hold(0);
        platform.session("hello", ID, ALICE);
        clock.advance(Duration.ofSeconds(5));
        assertThat(platform.session("hello", ID, ALICE).usage().memoryByteSeconds()).isEqualByComparingTo("1000");
    }

    private void awaitTerminated(String id, String reason) {
        await().untilAsserted(() -> assertThat(platform.session("hello", id, ADMIN).terminationReason())
                .hasValueSatisfying(text -> assertThat(text).contains(reason)));
    }
}
