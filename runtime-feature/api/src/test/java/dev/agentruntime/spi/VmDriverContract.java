package dev.agentruntime.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Target;
import dev.agentruntime.api.Tenant;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * What every driver must do, the fake one and the real one. A subclass gives a template of an agent that serves
 * {@code /ping}; each test starts VMs of its own and destroys them.
 */
public abstract class VmDriverContract {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The driver under test; opened once and shared by all tests. No earlier run has left it a VM. */
    protected abstract VmDriver driver();

    /** Of an agent that answers /ping; prepared once and shared by all tests. */
    protected abstract AgentTemplate template();

    /** What {@link #dial} returns of a connection that broke before it was answered. */
    protected static final String REFUSED = "refused";

    /**
     * The agent in a VM connects to {@code target}, sends {@code text} and ends its side. Returns what it was answered until the
     * other side ended, or {@link #REFUSED}.
     */
    protected abstract String dial(Vm vm, Target target, String text) throws Exception;

    @Test
    void vmsOfOneTemplateHaveDifferentNames() {
        inVm(first -> inVm(second -> assertThat(first.name()).isNotEqualTo(second.name())));
    }

    @Test
    void aVmStartsInAModeOfTheLadder() {
        inVm(vm -> assertThat(vm.startMode()).isNotNull());
    }

    @Test
    void anAgentAnswersPingsOnceItsSessionHasBegun() {
        inSession(vm -> assertThat(vm.ping(PATIENCE).status()).isEqualTo(200));
    }

    @Test
    void bytesGoBothWaysThroughAStream() {
        inSession(vm -> assertThat(exchange(vm,
                "GET /ping HTTP/1.1\r\nHost: agent\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 200"));
    }

    @Test
    void vmsOfTenantsBeginAndAnswer() {
        for (String name : new String[] {"red", "blue", "red"}) {
            inVm(() -> template().start(new Tenant("https://idp", Tenant.Kind.NAMED, name)), vm -> {
                vm.begin(SessionStart.of(UUID.randomUUID().toString()));
                assertThat(vm.ping(PATIENCE).status()).isEqualTo(200);
            });
        }
    }

    @Test
    void aMeterNeverFalls() {
        inSession(vm -> {
            MeterReading first = vm.read();
            MeterReading second = vm.read();
            assertThat(second.cpuNanos()).isGreaterThanOrEqualTo(first.cpuNanos());
            assertThat(vm.destroy().cpuNanos()).isGreaterThanOrEqualTo(second.cpuNanos());
        });
    }

    @Test
    void aVmCanBeDestroyedTwice() {
        inSession(vm -> {
            long cpu = vm.destroy().cpuNanos();
            assertThat(vm.destroy().cpuNanos()).isEqualTo(cpu);
        });
    }

    @Test
    void destroyingIsNoDeath() {
        inVm(vm -> {
            vm.destroy();
            assertThat(vm.death().toCompletableFuture()).isNotDone();
        });
    }

    @Test
    void aDestroyedVmTakesNoStreams() {
        inVm(vm -> {
            vm.destroy();
            assertThatThrownBy(() -> vm.connect(Target.AGENT)).isInstanceOf(VmException.class);
        });
    }

    @Test
    void aStreamOfADestroyedVmFails() {
        inSession(vm -> {
            GuestStream stream = vm.connect(Target.AGENT);
            vm.destroy();
            assertThatThrownBy(() -> drain(stream)).isInstanceOf(IOException.class);
        });
    }

    @Test
    void theLogOfADestroyedVmCanStillBeAskedFor() {
        inVm(vm -> {
            vm.destroy();
            assertThat(vm.logTail(5)).hasSizeLessThanOrEqualTo(5);
        });
    }

    @Test
    void aPausedVmGoesOn() {
        inSession(vm -> {
            assertThat(vm.isPaused()).isFalse();
            vm.pause();
            assertThat(vm.isPaused()).isTrue();
            vm.resume();
            assertThat(vm.isPaused()).isFalse();
            assertThat(vm.ping(PATIENCE).status()).isEqualTo(200);
        });
    }

    @Test
    void aVmHearsOfItsSessionsEndAlsoWhereItStandsStill() {
        inSession(vm -> {
            vm.pause();
            vm.farewell(Duration.ofSeconds(30));
            assertThat(vm.isPaused()).isFalse();
        });
    }

    @Test
    void pausingAPausedVmAndResumingARunningOneChangesNothing() {
        inSession(vm -> {
            vm.pause();
            vm.pause();
            vm.resume();
            vm.resume();
            assertThat(vm.ping(PATIENCE).status()).isEqualTo(200);
        });
    }

    @Test
    void aPausedVmIsMeteredAndDestroyed() {
        inSession(vm -> {
            vm.pause();
            long cpu = vm.read().cpuNanos();
            assertThat(vm.destroy().cpuNanos()).isGreaterThanOrEqualTo(cpu);
        });
    }

    @Test
    void aDestroyedVmIsNeitherPausedNorResumed() {
        inSession(vm -> {
            vm.destroy();
            assertThatThrownBy(vm::pause).isInstanceOf(VmException.class);
            assertThatThrownBy(vm::resume).isInstanceOf(VmException.class);
        });
    }

    @Test
    void aTargetThatTheGuestDoesNotKnowIsRefused() {
        inSession(vm -> {
            try (GuestStream stream = vm.connect(new Target("nonsense"))) {
                assertThatThrownBy(() -> drain(stream)).isInstanceOf(IOException.class);
            }
            assertThat(vm.ping(PATIENCE).status()).as("the link lives on").isEqualTo(200);
        });
    }

    private static void inSessionWithEcho(Supplier<Vm> starter, Deed deed) {
        inVm(starter, vm -> {
            vm.onStream(new EchoingStreams());
            vm.begin(new SessionStart(UUID.randomUUID().toString(), Map.of(), List.of(new OutboundName("echo", 7000), new OutboundName("db", 5432))));
            deed.with(vm);
        });
    }

    @Test
    void whatAnAgentConnectsToItsOutboundsAndToTheProxyComesOutAtTheHost() {
        inSessionWithEcho(template()::start, vm -> {
            for (String target : new String[] {"outbound/echo", "outbound/db", "proxy", "outbound/echo"}) {
                assertThat(dial(vm, new Target(target), "hello")).isEqualTo(target + ": hello");
            }
        });
    }

    @Test
    void aVmMadeAheadReachesItsOutboundsToo() {
        inSessionWithEcho(template()::makeAhead, vm -> assertThat(dial(vm, new Target("outbound/db"), "select")).isEqualTo("outbound/db: select"));
    }

    @Test
    void untilSomebodyTakesThemStreamsOfAGuestAreRefused() {
        inVm(vm -> {
            vm.begin(new SessionStart(UUID.randomUUID().toString(), Map.of(), List.of(new OutboundName("echo", 7000))));
            assertThat(dial(vm, new Target("outbound/echo"), "hello")).isEqualTo(REFUSED);
            vm.onStream(new EchoingStreams());
            assertThat(dial(vm, new Target("outbound/echo"), "hello")).isEqualTo("outbound/echo: hello");
            assertThat(vm.ping(PATIENCE).status()).isEqualTo(200);
        });
    }

    @Test
    void anOutboundIsThereAfterAPause() {
        inSessionWithEcho(template()::start, vm -> {
            dial(vm, new Target("outbound/echo"), "before");
            vm.pause();
            vm.resume();
            assertThat(dial(vm, new Target("outbound/echo"), "after")).isEqualTo("outbound/echo: after");
        });
    }

    @Test
    void vmsOfThisRunAreNoLeftovers() {
        inSession(vm -> {
            assertThat(driver().survey()).extracting(FoundVm::name).doesNotContain(vm.name());
            assertThat(driver().reclaim(Set.of()).destroyed()).doesNotContainKey(vm.name());
            assertThat(vm.ping(PATIENCE).status()).isEqualTo(200);
        });
    }

    @Test
    void aVmThatWasLeftIsTakenUpWithItsSession() {
        inSession(vm -> {
            MeterReading before = vm.read();
            vm.leave();
            assertThat(driver().survey()).contains(new FoundVm(vm.name(), FoundVm.State.RUNNING));
            goesOn(driver().adopt(vm.name(), vm.startMode()), before);
            assertThat(driver().survey()).extracting(FoundVm::name).doesNotContain(vm.name());
        });
    }

    @Test
    void aVmThatWasLeftPausedRunsWhenItIsTakenUp() {
        inSession(vm -> {
            MeterReading before = vm.read();
            vm.pause();
            vm.leave();
            assertThat(driver().survey()).contains(new FoundVm(vm.name(), FoundVm.State.PAUSED));
            goesOn(driver().adopt(vm.name(), vm.startMode()), before);
        });
    }

    private static void goesOn(Vm adopted, MeterReading before) throws Exception {
        assertThat(adopted.isPaused()).isFalse();
        assertThat(adopted.ping(PATIENCE).status()).isEqualTo(200);
        assertThat(exchange(adopted, "GET /ping HTTP/1.1\r\nHost: agent\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 200");
        adopted.pause();
        adopted.resume();
        assertThat(adopted.ping(PATIENCE).status()).isEqualTo(200);
        assertThat(adopted.read().cpuNanos()).isGreaterThanOrEqualTo(before.cpuNanos());
        assertThat(adopted.destroy().cpuNanos()).isGreaterThanOrEqualTo(before.cpuNanos());
    }

    @Test
    void theWayOutOfAVmThatWasLeftIsThereWhenItIsTakenUp() {
        inSessionWithEcho(template()::start, vm -> {
            assertThat(dial(vm, new Target("outbound/echo"), "before")).isEqualTo("outbound/echo: before");
            vm.leave();
            Vm adopted = driver().adopt(vm.name(), vm.startMode());
            adopted.onStream(new EchoingStreams());
            assertThat(dial(adopted, new Target("outbound/echo"), "after")).isEqualTo("outbound/echo: after");
            adopted.destroy();
        });
    }

    @Test
    void aVmThatMayBeTakenUpYetIsSparedAndAnotherIsNot() {
        inSession(spared -> inSession(other -> {
            spared.leave();
            other.leave();
            assertThat(driver().reclaim(Set.of(spared.name())).destroyed()).containsKey(other.name()).doesNotContainKey(spared.name());
            assertThat(driver().survey()).extracting(FoundVm::name).contains(spared.name()).doesNotContain(other.name());
            Vm adopted = driver().adopt(spared.name(), spared.startMode());
            assertThat(adopted.ping(PATIENCE).status()).isEqualTo(200);
            adopted.destroy();
        }));
    }

    @Test
    void aVmThatIsGoneIsNotTakenUp() {
        inSession(vm -> {
            vm.leave();
            driver().reclaim(Set.of());
            assertThatThrownBy(() -> driver().adopt(vm.name(), vm.startMode())).isInstanceOf(VmException.class);
        });
    }

    @Test
    void leavingIsNoDeath() {
        inSession(vm -> {
            vm.leave();
            vm.leave();
            driver().reclaim(Set.of());
            assertThat(vm.death().toCompletableFuture()).isNotDone();
        });
    }

    @Test
    void aDestroyedVmIsNotSurveyed() {
        inSession(vm -> {
            vm.destroy();
            assertThat(driver().survey()).extracting(FoundVm::name).doesNotContain(vm.name());
        });
    }

    @Test
    void aSurveyChangesNothing() {
        inSession(vm -> {
            assertThat(driver().survey()).isEqualTo(driver().survey());
            assertThat(vm.ping(PATIENCE).status()).isEqualTo(200);
        });
    }

    @Test
    void aVmMadeAheadBeginsAndAnswers() {
        inVm(template()::makeAhead, vm -> {
            assertThat(vm.startMode()).isLessThanOrEqualTo(StartMode.SHELL);
            vm.begin(SessionStart.of(UUID.randomUUID().toString()));
            assertThat(vm.ping(PATIENCE).status()).isEqualTo(200);
        });
    }

    @Test
    void aVmMadeAheadCanBeDestroyedUnused() {
        inVm(template()::makeAhead, vm -> assertThat(vm.destroy().cpuNanos()).isPositive());
    }

    private static final long PLENTY = 1L << 30;

    /** A VM that echoes what comes out of it, on the disk and gone. */
    private void inSnapshot(SnapshotDeed deed) {
        inSessionWithEcho(template()::start, vm -> {
            dial(vm, new Target("outbound/echo"), "before");
            vm.pause();
            try (Snapshot snapshot = vm.snapshot(PLENTY)) {
                vm.destroy();
                deed.with(snapshot);
            }
        });
    }

    private interface SnapshotDeed {
        void with(Snapshot snapshot) throws Exception;
    }

    @Test
    void aVmComesBackFromTheDiskAndAnswersAndReachesItsOutbounds() {
        inSnapshot(snapshot -> {
            assertThat(snapshot.bytes()).isPositive();
            inVm(snapshot::start, vm -> {
                assertThat(vm.isPaused()).isTrue();
                vm.onStream(new EchoingStreams());
                vm.resume();
                assertThat(vm.isPaused()).isFalse();
                assertThat(vm.ping(PATIENCE).status()).isEqualTo(200);
                assertThat(dial(vm, new Target("outbound/echo"), "after")).isEqualTo("outbound/echo: after");
            });
        });
    }

    @Test
    void aVmThatCameBackIsPausedAndPutOnTheDiskAgain() {
        inSnapshot(snapshot -> inVm(snapshot::start, vm -> {
            vm.resume();
            vm.pause();
            vm.resume();
            assertThat(vm.ping(PATIENCE).status()).isEqualTo(200);
            vm.pause();
            try (Snapshot second = vm.snapshot(PLENTY)) {
                vm.destroy();
                inVm(second::start, again -> {
                    again.resume();
                    assertThat(again.ping(PATIENCE).status()).isEqualTo(200);
                });
            }
        }));
    }

    @Test
    void vmsFromOneSnapshotBeginSessionsOfTheirOwnWhileTheFirstGoesOn() {
        inSession(first -> {
            first.pause();
            try (Snapshot snapshot = first.snapshot(PLENTY)) {
                first.resume();
                inVm(snapshot::fork, second -> inVm(snapshot::fork, third -> {
                    for (Vm fork : List.of(second, third)) {
                        fork.begin(SessionStart.of(UUID.randomUUID().toString()));
                        assertThat(fork.ping(PATIENCE).status()).isEqualTo(200);
                    }
                    assertThat(List.of(first.name(), second.name(), third.name())).doesNotHaveDuplicates();
                    assertThat(first.ping(PATIENCE).status()).isEqualTo(200);
                }));
            }
        });
    }

    @Test
    void aVmThatCameBackAndWasNotResumedCanBeDestroyed() {
        inSnapshot(snapshot -> inVm(snapshot::start, vm -> assertThat(vm.destroy().cpuNanos()).isNotNegative()));
    }

    @Test
    void aVmThatRunsOrHasEndedIsNotPutOnTheDisk() {
        inSession(vm -> {
            assertThatThrownBy(() -> vm.snapshot(PLENTY)).isInstanceOf(VmException.class);
            vm.pause();
            vm.destroy();
            assertThatThrownBy(() -> vm.snapshot(PLENTY)).isInstanceOf(VmException.class);
        });
    }

    @Test
    void aVmThatHasNotBegunIsNotPutOnTheDisk() {
        inVm(template()::makeAhead, vm -> assertThatThrownBy(() -> vm.snapshot(PLENTY)).isInstanceOf(VmException.class));
    }

    @Test
    void whatTakesMoreThanItMayIsNotPutOnTheDiskAndGoesOn() {
        inSession(vm -> {
            vm.pause();
            assertThatThrownBy(() -> vm.snapshot(10)).isInstanceOf(NoDiskRoomException.class);
            vm.resume();
            assertThat(vm.ping(PATIENCE).status()).isEqualTo(200);
        });
    }

    @Test
    void nothingComesBackFromAClosedSnapshot() {
        inSnapshot(snapshot -> {
            snapshot.close();
            snapshot.close();
            assertThatThrownBy(snapshot::start).isInstanceOf(VmException.class);
        });
    }

    /** Something done with a VM. */
    protected interface Deed {
        void with(Vm vm) throws Exception;
    }

    protected final void inVm(Deed deed) {
        inVm(template()::start, deed);
    }

    private static void inVm(Supplier<Vm> starter, Deed deed) {
        Vm vm = starter.get();
        try {
            deed.with(vm);
        } catch (Exception e) {
            throw new AssertionError("VM " + vm.name() + " failed; its log:\n" + String.join("\n", vm.logTail(50)), e);
        } finally {
            vm.destroy();
        }
    }

    protected final void inSession(Deed deed) {
        inVm(vm -> {
            vm.begin(SessionStart.of(UUID.randomUUID().toString()));
            deed.with(vm);
        });
    }

    /** Sends {@code request} and reads until the agent ends its side. */
    public static String exchange(Vm vm, String request) throws Exception {
        try (GuestStream stream = vm.connect(Target.AGENT)) {
            send(stream, request);
            return drain(stream);
        }
    }

    protected static void send(GuestStream stream, String text) throws Exception {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            if (stream.write(bytes) == 0) {
                CountDownLatch writable = new CountDownLatch(1);
                stream.onWritable(writable::countDown);
                awaitCallback(writable);
            }
        }
    }

    protected static String drain(GuestStream stream) throws Exception {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
            answer.write(buffer.array(), 0, count);
            buffer.clear();
            if (count == 0) {
                CountDownLatch readable = new CountDownLatch(1);
                stream.onReadable(readable::countDown);
                awaitCallback(readable);
            }
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    private static void awaitCallback(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("called back in time").isTrue();
    }
}
