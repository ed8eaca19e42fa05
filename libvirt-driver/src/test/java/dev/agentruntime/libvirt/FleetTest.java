package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetTest {

    private static final long MIB = 1L << 20;
    private static final MeterReading LAST = new MeterReading(7, 0, MeterSource.HYPERVISOR);

    @TempDir
    Path folder;

    private FakeHost host;

    @BeforeEach
    void open() {
        host = new FakeHost(folder);
    }

    @AfterEach
    void close() {
        host.close();
    }

    private Fleet ofMebibytes(long available, int overcommit) throws IOException {
        Path meminfo = Files.writeString(folder.resolve("meminfo"), "MemAvailable: " + available * 1024 + " kB\n");
        return new Fleet(new HostMemory(meminfo, new MemoryLimit(new ControlGroups(List.of())), overcommit), host.executor);
    }

    @Test
    void asManyAreLetInAtOnceAsFindRoom() throws IOException {
        Fleet fleet = ofMebibytes(100, 1);
        AtomicInteger refused = new AtomicInteger();
        List<CompletableFuture<Void>> all = IntStream.range(0, 16).mapToObj(i -> CompletableFuture.runAsync(() -> {
            try {
                fleet.take("vm-" + i, 25 * MIB, 0);
            } catch (NoRoomException e) {
                refused.incrementAndGet();
            }
        })).toList();
        all.forEach(CompletableFuture::join);
        assertThat(fleet.size()).isEqualTo(4);
        assertThat(refused).hasValue(12);
    }

    @Test
    void aPlaceThatIsLeftIsFreeAgain() throws IOException {
        Fleet fleet = ofMebibytes(25, 1);
        Place place = fleet.take("a", 25 * MIB, 0);
        assertThat(fleet.has("a")).isTrue();
        assertThatThrownBy(() -> fleet.take("b", 25 * MIB, 0)).isInstanceOf(NoRoomException.class);
        assertThat(fleet.leave(place)).isTrue();
        assertThat(fleet.leave(place)).isFalse();
        fleet.take("b", 25 * MIB, 0);
        assertThat(fleet.has("a")).isFalse();
    }

    @Test
    void aVmThatCouldNotBeEndedKeepsItsPlaceAndIsEndedLater() throws IOException {
        Fleet fleet = ofMebibytes(25, 1);
        Place place = fleet.take("a", 25 * MIB, 0);
        AtomicInteger tries = new AtomicInteger();
        assertThat(fleet.end(place, () -> {
            if (tries.incrementAndGet() < 3) {
                throw new VmException("a process is left");
            }
            return LAST;
        })).isEmpty();
        assertThatThrownBy(() -> fleet.take("b", 25 * MIB, 0)).isInstanceOf(NoRoomException.class);
        await().untilAsserted(() -> {
            fleet.sweep();
            assertThat(fleet.size()).isZero();
        });
        assertThat(tries).hasValue(3);
    }

    @Test
    void aVmThatCouldBeEndedIsForgotten() throws IOException {
        Fleet fleet = ofMebibytes(25, 1);
        assertThat(fleet.end(fleet.take("a", 25 * MIB, 0), () -> LAST)).contains(LAST);
        assertThat(fleet.size()).isZero();
    }

    /** It would be told as left behind, although nothing ever failed. */
    @Test
    void aVmThatIsJustBeingEndedIsNotTakenForOneThatCouldNotBeEnded() throws IOException {
        Fleet fleet = ofMebibytes(25, 1);
        AtomicInteger tries = new AtomicInteger();
        fleet.end(fleet.take("a", MIB, 0), () -> {
            if (tries.incrementAndGet() == 1) {
                fleet.sweep();
                await().during(Duration.ofMillis(200)).until(() -> tries.get() == 1);
            }
            return LAST;
        });
        assertThat(tries).hasValue(1);
        assertThat(fleet.size()).isZero();
    }

    @Test
    void oneSweepAtATimeTriesAVm() throws Exception {
        Fleet fleet = ofMebibytes(25, 1);
        CompletableFuture<MeterReading> slow = new CompletableFuture<>();
        AtomicInteger tries = new AtomicInteger();
        fleet.end(fleet.take("a", MIB, 0), () -> {
            if (tries.incrementAndGet() == 1) {
                throw new VmException("not yet");
            }
            return slow.join();
        });
        IntStream.range(0, 20).forEach(i -> fleet.sweep());
        await().until(() -> tries.get() == 2);
        fleet.sweep();
        slow.complete(LAST);
        await().until(() -> fleet.size() == 0);
        assertThat(tries).hasValue(2);
    }

    @Test
    void aSweepThatFindsNoThreadIsMadeUpFor() throws IOException {
        Path meminfo = Files.writeString(folder.resolve("meminfo"), "MemAvailable: 100000 kB\n");
        ScarceThreads threads = new ScarceThreads();
        Fleet fleet = new Fleet(new HostMemory(meminfo, new MemoryLimit(new ControlGroups(List.of())), 1), threads);
        AtomicInteger tries = new AtomicInteger();
        fleet.end(fleet.take("a", MIB, 0), () -> {
            if (tries.incrementAndGet() == 1) {
                throw new VmException("a process is left");
            }
            return LAST;
        });
        threads.exhaust();
        assertThatThrownBy(fleet::sweep).isInstanceOf(OutOfMemoryError.class);
        threads.recover();
        fleet.sweep();
        await().until(() -> fleet.size() == 0);
        threads.shutdown();
    }

    @Test
    void aVmThatCannotBeMeasuredKeepsNoOtherFromItsTurn() {
        List<LibvirtVm> vms = IntStream.range(0, 3).mapToObj(i -> host.starts.cloneOf(host.template().template(), host.plan)).toList();
        Hypervisor failing = new Hypervisor(List.of(FakeLibvirt.URI), uri -> (HypervisorConnection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {HypervisorConnection.class}, (proxy, method, arguments) -> {
                    throw new IllegalStateException("a fault of the driver");
                }), FakeHost.LIMITS);
        Meter broken = new Meter(Optional.empty(), Optional.empty(), failing, "broken");
        List<Place> places = IntStream.range(0, 3).mapToObj(i -> host.fleet.take("broken-" + i, MIB, 0)).toList();
        places.forEach(place -> {
            Machine machine = TestMachine.named(place.name(), host.directories.run());
            RunningMachine running = new RunningMachine(machine, host.hypervisor, Optional.empty(), Optional.empty(), broken, Optional.empty());
            place.lives(new LibvirtVm(running, new Stage.Loaded(), host.links, StartMode.LOADED, false, host.executor, Snapshots.Taker.NONE, () -> { }));
        });
        host.fleet.measure();
        failing.close();
        assertThat(vms).allSatisfy(vm -> assertThat(vm.read().memoryBytes()).isPositive());
    }

    @Test
    void aClosedFleetEndsAllAndLetsNoneIn() {
        TemplateStore.Pin template = host.template();
        IntStream.range(0, 3).forEach(i -> host.starts.cloneOf(template.template(), host.plan));
        host.fleet.destroyAll();
        assertThat(host.libvirt.domains()).isEmpty();
        assertThat(host.fleet.size()).isZero();
        assertThatThrownBy(() -> host.starts.cloneOf(template.template(), host.plan)).isInstanceOf(HypervisorAwayException.class)
                .hasMessageContaining("being closed");
        assertThat(host.files()).isEmpty();
    }

    @Test
    void aVmThatIsCreatedWhileTheFleetClosesIsEndedByWhoStartsIt() {
        Place place = host.fleet.take("agrt-a-s0123456789", MIB, 0);
        Machine machine = TestMachine.named(place.name(), host.directories.run());
        host.fleet.destroyAll();
        RunningMachine running = host.machines.create(TestMachine.host(), machine);
        assertThatThrownBy(() -> host.fleet.created(place, running)).isInstanceOf(HypervisorAwayException.class);
        assertThat(host.libvirt.domains()).isEmpty();
        assertThat(host.fleet.size()).isZero();
    }

    @Test
    void whatCannotBeEndedWhenAllIsClosedIsTold() throws IOException {
        Fleet fleet = ofMebibytes(25, 1);
        fleet.end(fleet.take("a", MIB, 0), () -> {
            throw new VmException("the process of a is left");
        });
        fleet.end(fleet.take("b", MIB, 0), () -> {
            throw new VmException("the process of b is left");
        });
        assertThatThrownBy(fleet::destroyAll).isInstanceOf(VmException.class).hasMessageContaining("is left")
                .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
    }

    @Test
    void memoryIsMeasuredForRunningVmsAndOnceForAPausedOne() {
        LibvirtVm vm = host.starts.cloneOf(host.template().template(), host.plan);
        host.fleet.measure();
        assertThat(vm.read().memoryBytes()).isPositive();
        vm.pause();
        host.fleet.measure();
        host.fleet.measure();
        assertThat(vm.read().memoryBytes()).isPositive();
        assertThat(vm.destroy().memoryBytes()).isZero();
        host.fleet.measure();
        assertThat(vm.read().memoryBytes()).isZero();
    }
}
