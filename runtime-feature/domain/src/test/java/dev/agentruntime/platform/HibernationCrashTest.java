package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.SessionOrigin;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.fake.FakeDriver;
import dev.agentruntime.spi.fake.FakeVm;
import dev.agentruntime.store.fake.MemoryLedger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The server is killed at any moment on a session's way to the disk and back: its next run finds it once, as it was. */
final class HibernationCrashTest extends HibernationTestBase {

    /** What is left when the server is killed at one moment. */
    private record World(String moment, FakeDriver driver, MemoryLedger ledger) {}

    private final List<World> worlds = new CopyOnWriteArrayList<>();

    private FakeVm restingWithState() {
        FakeVm vm = resting(ID);
        vm.remember("counted to 7");
        vm.burn(Duration.ofSeconds(3));
        await().until(() -> row(ID).kept().isPresent() || again());
        return vm;
    }

    private void watch() {
        driver.failures().watch(this::killed);
        ledger.watch(this::killed);
    }

    private void killed(String moment) {
        worlds.add(new World(worlds.size() + ", " + moment, driver.ifItCrashedNow(), ledger.copy()));
    }

    private void lookAway() {
        driver.failures().watch(moment -> { });
        ledger.watch(moment -> { });
    }

    private void startAfter(World world) {
        platform.close();
        platform = null;
        abandon();
        driver = world.driver();
        ledger = world.ledger();
        startHibernating(1 << 30);
    }

    /** It goes on with this in its memory, in one VM, and nothing of it is anywhere else. */
    private void goesOnAfter(World world, String memory) {
        startAfter(world);
        try (Invocation again = invoke(ID, ALICE)) {
            assertThat(again.origin()).as(world.moment()).isEqualTo(SessionOrigin.CONTINUED);
            assertThat(vm(again.vm()).memory()).as(world.moment()).isEqualTo(memory);
            await().untilAsserted(() -> {
                pass(Duration.ofMillis(100));
                assertThat(driver.live()).as(world.moment()).extracting(FakeVm::name).containsExactly(again.vm());
                assertThat(driver.left()).as(world.moment()).isEmpty();
                assertThat(driver.snapshots()).as(world.moment()).isEmpty();
            });
            assertThat(view(ID).usage().cpuNanos()).as(world.moment())
                    .isBetween(Duration.ofSeconds(3).toNanos(), Duration.ofSeconds(3).plusMillis(400).toNanos());
        }
    }

    private List<String> moments() {
        return worlds.stream().map(world -> world.moment().replaceFirst("^[0-9]+, ", "")).toList();
    }

    @Test
    void onTheWayToTheDisk() {
        startHibernating(1 << 30);
        restingWithState();
        watch();
        pass(HIBERNATE_AFTER);
        awaitHibernated(ID);
        await().until(() -> row(ID).view().status() == SessionView.Status.HIBERNATED || again());
        lookAway();
        killed("at rest");
        assertThat(moments()).containsSubsequence("before SNAPSHOT", "after SNAPSHOT", "before a write", "after a write", "before DESTROY",
                "after DESTROY", "before a write", "after a write");
        List.copyOf(worlds).forEach(world -> goesOnAfter(world, "counted to 7"));
    }

    @Test
    void onTheWayBack() {
        startHibernating(1 << 30);
        restingWithState();
        pass(HIBERNATE_AFTER);
        awaitHibernated(ID);
        await().until(() -> row(ID).view().status() == SessionView.Status.HIBERNATED || again());
        watch();
        FakeVm second = served(ID, ALICE);
        await().until(() -> driver.snapshots().isEmpty());
        lookAway();
        assertThat(moments()).containsSubsequence("before RESTORE", "after RESTORE", "before RESUME", "after RESUME", "before a write",
                "after a write", "before DROP", "after DROP");
        List<World> onTheWay = List.copyOf(worlds);
        second.remember("counted to 8");
        killed("in its second VM");
        World served = worlds.get(worlds.size() - 1);
        onTheWay.forEach(world -> goesOnAfter(world, "counted to 7"));
        goesOnAfter(served, "counted to 8");
    }

    @Test
    void onTheWayBackThatDoesNotSucceed() {
        startHibernating(1 << 30);
        restingWithState();
        pass(HIBERNATE_AFTER);
        awaitHibernated(ID);
        await().until(() -> row(ID).view().status() == SessionView.Status.HIBERNATED || again());
        driver.failures().always(FakeDriver.Step.RESUME, () -> new IllegalStateException("Nobody foresaw this."));
        watch();
        asking(ID, ALICE);
        await().until(() -> moments().contains("after DESTROY"));
        lookAway();
        List.copyOf(worlds).forEach(world -> goesOnAfter(world, "counted to 7"));
    }

    @Test
    void aLedgerThatIsAwayLeavesItInItsVm() {
        startHibernating(1 << 30);
        FakeVm vm = restingWithState();
        ledger.fail();
        watch();
        pass(HIBERNATE_AFTER);
        await().until(() -> moments().contains("before READ") || again());
        pass(Duration.ofMinutes(2));
        assertThat(vm.isDestroyed()).isFalse();
        assertThat(view(ID).status()).isEqualTo(SessionView.Status.IDLE);
        lookAway();
        killed("while the ledger is away");
        List.copyOf(worlds).forEach(world -> goesOnAfter(world, "counted to 7"));
    }

    @Test
    void aLedgerThatHangsLeavesItInItsVmAndMayStillWriteTheKeyOfAFileThatIsGone() {
        startHibernating(1 << 30);
        FakeVm vm = restingWithState();
        await().until(() -> row(ID).view().status() == SessionView.Status.IDLE || again());
        ledger.hang();
        watch();
        pass(HIBERNATE_AFTER);
        await().until(() -> moments().contains("after DROP") || again());
        ledger.work();
        await().until(() -> moments().contains("after a write") || again());
        lookAway();
        assertThat(vm.isDestroyed()).isFalse();
        List.copyOf(worlds).forEach(world -> goesOnAfter(world, "counted to 7"));
    }

    @Test
    void whileTheLedgerIsAwayItComesBackAtOnceAndItsFileStaysUntilTheLedgerIsBack() {
        startHibernating(1 << 30);
        restingWithState();
        pass(HIBERNATE_AFTER);
        awaitHibernated(ID);
        await().until(() -> row(ID).view().status() == SessionView.Status.HIBERNATED || again());
        ledger.fail();
        served(ID, ALICE).remember("counted to 8");
        pass(Duration.ofSeconds(4));
        assertThat(driver.snapshots()).hasSize(1);
        killed("while the ledger is away");
        ledger.work();
        await().until(() -> {
            pass(Duration.ofSeconds(31));
            return driver.snapshots().isEmpty();
        });
        killed("when it is back");
        goesOnAfter(worlds.get(1), "counted to 8");
        goesOnAfter(worlds.get(0), "counted to 7");
    }

    @Test
    void whatComesBackAndEndsWhileTheLedgerIsAwayLeavesNothingOnTheDisk() {
        startHibernating(1 << 30);
        restingWithState();
        pass(HIBERNATE_AFTER);
        awaitHibernated(ID);
        ledger.fail();
        served(ID, ALICE);
        get(platform.stop("hello", ID, ALICE));
        ledger.work();
        await().until(() -> {
            pass(Duration.ofSeconds(31));
            return driver.snapshots().isEmpty();
        });
        assertThat(driver.live()).isEmpty();
    }

    @Test
    void aVmThatDoesNotAnswerAnyMoreIsNoReasonToLoseWhatIsOnTheDisk() {
        World between = betweenWrittenAndDestroyed();
        between.driver().failures().always(FakeDriver.Step.ADOPT, () -> new VmException("The guest is silent."));
        goesOnAfter(between, "counted to 7");
    }

    @Test
    void aFileThatIsDamagedIsNoReasonToLoseTheVm() {
        World between = betweenWrittenAndDestroyed();
        between.driver().failures().always(FakeDriver.Step.REOPEN, () -> new VmException("The file is damaged."));
        goesOnAfter(between, "counted to 7");
    }

    @Test
    void whereNeitherIsThereTheSessionEndsAndSaysWhy() {
        World between = betweenWrittenAndDestroyed();
        between.driver().failures().always(FakeDriver.Step.REOPEN, () -> new VmException("The file is damaged."));
        between.driver().failures().always(FakeDriver.Step.ADOPT, () -> new VmException("The guest is silent."));
        startAfter(between);
        await().until(() -> row(ID).closedAt().isPresent() || again());
        assertThat(row(ID).view().terminationReason()).hasValueSatisfying(why -> assertThat(why).contains("The guest is silent."));
        await().untilAsserted(() -> assertThat(driver.snapshots()).isEmpty());
    }

    private World betweenWrittenAndDestroyed() {
        startHibernating(1 << 30);
        restingWithState();
        watch();
        pass(HIBERNATE_AFTER);
        awaitHibernated(ID);
        lookAway();
        return worlds.get(new ArrayList<>(moments()).indexOf("before DESTROY"));
    }
}
