package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.spi.VmLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever becomes of a VM's creation, it is neither forgotten nor counted for ever. */
class CreatorTest {

    private static final Machine.Ram RAM = new Machine.Ram.Anonymous();

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

    private Place create() {
        return host.creator.create(host.plan, host.creator.newName('s'), RAM, 0);
    }

    @Test
    void namesTellServerAndKindAndNeverRepeat() {
        assertThat(IntStream.range(0, 1000).mapToObj(i -> host.creator.newName('s')).distinct()).hasSize(1000)
                .allMatch(name -> name.matches("agrt-a-s[0-9a-f]{10}"));
        assertThat(host.creator.newName('t')).startsWith("agrt-a-t");
    }

    @Test
    void aVmThatWasCreatedHasItsPlaceWithWhatItWasPromised() {
        Place place = create();
        assertThat(host.fleet.has(place.name())).isTrue();
        assertThat(place.state()).isEqualTo(Place.State.STARTING);
        assertThat(place.memoryBytes()).as("its guest's and its emulator's").isEqualTo(TestMachine.MEMORY + VmLimits.USUAL.memoryOverheadBytes());
        assertThat(place.machine().name()).isEqualTo(place.name());
    }

    @Test
    void whileLibvirtdIsAwayNothingIsBegunAndNoPlaceIsTaken() {
        host.libvirt.kill();
        assertThatThrownBy(this::create).isInstanceOf(HypervisorAwayException.class);
        assertThat(host.fleet.size()).isZero();
        assertThat(host.libvirt.calls()).noneMatch(call -> call.startsWith("create"));
    }

    @Test
    void aConnectionThatWasLostMeanwhileIsFoundOutBeforeTheCreation() {
        create();
        host.libvirt.kill();
        host.libvirt.goOn();
        create();
        assertThat(host.libvirt.domains()).hasSize(2);
    }

    @Test
    void aCreationThatWasCarriedOutAndNotAnsweredLeavesNoVm() {
        host.libvirt.loseAnswer("create");
        assertThatThrownBy(this::create).isInstanceOf(HypervisorAwayException.class);
        assertThat(host.libvirt.domains()).isEmpty();
        assertThat(host.fleet.size()).isZero();
        assertThat(host.files()).isEmpty();
    }

    @Test
    void aCreationThatNeverReachedLibvirtdLeavesNoPlace() {
        host.libvirt.loseBefore("create");
        assertThatThrownBy(this::create).isInstanceOf(HypervisorAwayException.class);
        assertThat(host.fleet.size()).isZero();
    }

    @Test
    void aCreationThatHangsKeepsItsPlaceUntilItIsKnownWhatBecameOfIt() {
        host.libvirt.hang("create");
        assertThatThrownBy(this::create).isInstanceOf(HypervisorAwayException.class);
        assertThat(host.fleet.size()).isEqualTo(1);
        host.fleet.sweep();
        host.libvirt.goOn();
        await().untilAsserted(() -> {
            host.fleet.sweep();
            assertThat(host.fleet.size()).isZero();
            assertThat(host.libvirt.domains()).isEmpty();
        });
    }

    @Test
    void aCreationWhoseCallerIsInterruptedKeepsItsPlaceUntilItIsKnownWhatBecameOfIt() throws InterruptedException {
        host.libvirt.hang("create");
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                create();
            } catch (RuntimeException e) {
                told.complete(e);
            }
        });
        caller.start();
        await().until(() -> host.libvirt.calls().stream().anyMatch(call -> call.startsWith("create")));
        caller.interrupt();
        assertThat(told).succeedsWithin(Duration.ofSeconds(10)).isInstanceOf(HypervisorAwayException.class);
        host.libvirt.goOn();
        await().untilAsserted(() -> {
            host.fleet.sweep();
            assertThat(host.fleet.size()).isZero();
            assertThat(host.libvirt.domains()).isEmpty();
        });
    }

    @Test
    void aCreationThatIsRefusedLeavesNoPlace() {
        host.libvirt.refuse("create");
        assertThatThrownBy(this::create).isExactlyInstanceOf(VmException.class);
        assertThat(host.fleet.size()).isZero();
    }

    @Test
    void aCreationForWhichTheKernelHasNoMemoryIsNoRoom() {
        host.libvirt.outOfMemory("create");
        assertThatThrownBy(this::create).isInstanceOf(NoRoomException.class);
        assertThat(host.fleet.size()).isZero();
    }
}
