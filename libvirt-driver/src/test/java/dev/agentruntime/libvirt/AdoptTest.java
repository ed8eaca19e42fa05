package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.StartMode;
import dev.agentruntime.channel.ControlMessage;
import dev.agentruntime.spi.FoundVm;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.SessionStart;
import dev.agentruntime.spi.Snapshot;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A VM whose server is gone, and its next run. */
class AdoptTest {

    @TempDir
    Path folder;

    private static final long PLENTY = 1L << 30;

    private FakeHost host;
    private TemplateStore.Pin template;
    private LibvirtVm left;

    @BeforeEach
    void leave() {
        host = new FakeHost(folder);
        template = host.template();
        left = host.starts.cloneOf(template.template(), host.plan);
        left.begin(SessionStart.of("session"));
        left.leave();
        host.libvirt.calls();
    }

    @AfterEach
    void close() {
        host.close();
    }

    private FakeDomain domain() {
        return host.domain(left.name());
    }

    private LibvirtVm adopted() {
        return host.starts.adopt(left.name(), StartMode.PRIMED, (memory, vcpus, hears, adds) -> host.plan);
    }

    @Test
    void aVmThatIsLeftBelongsToNoRun() {
        assertThat(host.fleet.size()).isZero();
        assertThat(domain().alive()).isTrue();
        assertThat(new Leftovers(host.machines, host.store, host.fleet).find()).extracting(FoundVm::name).containsExactly(left.name());
    }

    @Test
    void itGoesOnWithItsGuestWatchedAndItsClockPutRight() throws Exception {
        int before = domain().guest().asked().size();
        LibvirtVm vm = adopted();
        assertThat(vm.startMode()).isEqualTo(StartMode.PRIMED);
        assertThat(vm.ping(Duration.ofSeconds(5)).status()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(domain().guest().asked().subList(before, domain().guest().asked().size()))
                .contains("watch", "clock").doesNotContain("renew", "begin"));
        domain().guest().endServer("Out of memory.");
        assertThat(vm.death().toCompletableFuture().get(10, TimeUnit.SECONDS)).isEqualTo("Out of memory.");
    }

    @Test
    void itTakesThePlaceThatItHadInTheHostsMemory() {
        LibvirtVm vm = adopted();
        assertThat(host.fleet.names()).containsExactly(vm.name());
        vm.destroy();
        assertThat(host.fleet.size()).isZero();
        assertThat(host.files()).isEmpty();
        assertThat(host.libvirt.domains()).isEmpty();
    }

    @Test
    void itAsksLibvirtOneThing() {
        adopted();
        assertThat(host.libvirt.calls()).filteredOn(call -> !call.startsWith("open")).containsExactly("describe " + left.name());
    }

    @Test
    void aVmThatHasDiedIsNotTakenUpAndIsReclaimed() {
        domain().end();
        assertThatThrownBy(this::adopted).isExactlyInstanceOf(VmException.class).hasMessageContaining(left.name());
        assertThat(host.fleet.size()).isZero();
        new Leftovers(host.machines, host.store, host.fleet).remove(Set.of());
        assertThat(host.files()).isEmpty();
    }

    @Test
    void whileLibvirtdIsAwayNothingIsSaidOfIt() {
        host.libvirt.kill();
        assertThatThrownBy(this::adopted).isInstanceOf(HypervisorAwayException.class);
        assertThat(host.fleet.size()).isZero();
        host.libvirt.goOn();
        assertThat(adopted().ping(Duration.ofSeconds(5)).status()).isEqualTo(200);
    }

    @Test
    void aGuestThatDoesNotSetItsClockIsLeftAsItIs() {
        host.libvirt.guests().reply("clock", ControlMessage.error("no clock"), "");
        assertThatThrownBy(this::adopted).isInstanceOf(VmException.class).hasMessageContaining("no clock");
        assertThat(host.fleet.size()).isZero();
        assertThat(domain().alive()).isTrue();
    }

    @Test
    void itIsPutOnTheDiskAndComesBackAsAnyOther() {
        domain().memory().put(40 * GuestMemory.PAGE, 9);
        LibvirtVm vm = adopted();
        vm.pause();
        try (Snapshot snapshot = vm.snapshot(PLENTY)) {
            vm.destroy();
            LibvirtVm back = (LibvirtVm) snapshot.start();
            assertThat(host.domain(back.name()).memory().values()).isEqualTo(Map.of(40L * GuestMemory.PAGE, 9));
            back.resume();
            assertThat(back.ping(Duration.ofSeconds(5)).status()).isEqualTo(200);
            back.destroy();
        }
        assertThat(host.fleet.size()).isZero();
        assertThat(host.files()).isEmpty();
    }

    private LibvirtVm adopted(LibvirtVm other) {
        return host.starts.adopt(other.name(), StartMode.CLONE, (memory, vcpus, hears, adds) -> host.plan);
    }

    private List<String> hostNamesOf(LibvirtVm of) {
        return host.domain(of.name()).guest().messages().stream().filter(message -> message.verb().equals("renew"))
                .map(message -> message.field("hostname").orElse("")).toList();
    }

    /** It was on the disk, came back in a second VM, was taken up there twice, and comes back in a third one. */
    @Test
    void aGuestKeepsItsHostNameHoweverOftenItsVmIsTakenUpAndGoesToTheDisk() {
        LibvirtVm second = onTheDiskAndBack(adopted());
        adopted(second).leave();
        LibvirtVm third = onTheDiskAndBack(adopted(second));
        assertThat(hostNamesOf(third)).containsExactly(left.name());
        LibvirtVm fourth = onTheDiskAndBack(adopted(third));
        assertThat(hostNamesOf(fourth)).containsExactly(left.name());
        assertThat(List.of(left.name(), second.name(), third.name(), fourth.name())).doesNotHaveDuplicates();
    }

    private LibvirtVm onTheDiskAndBack(LibvirtVm vm) {
        vm.pause();
        try (Snapshot snapshot = vm.snapshot(PLENTY)) {
            vm.destroy();
            LibvirtVm back = (LibvirtVm) snapshot.start();
            back.resume();
            back.leave();
            return back;
        }
    }

    @Test
    void aForkKeepsTheNameOfItsOwnWhenItIsTakenUp() {
        LibvirtVm vm = adopted();
        vm.pause();
        try (Snapshot snapshot = vm.snapshot(PLENTY)) {
            vm.destroy();
            LibvirtVm fork = (LibvirtVm) snapshot.fork();
            fork.begin(SessionStart.of("fork"));
            fork.leave();
            LibvirtVm back = onTheDiskAndBack(adopted(fork));
            assertThat(hostNamesOf(back)).containsExactly(fork.name());
        }
    }

    @Test
    void whatWasTakenUpTwiceIsPutOnTheDiskAllTheSame() {
        adopted().leave();
        LibvirtVm vm = adopted();
        vm.pause();
        vm.snapshot(PLENTY).close();
    }

    /** Pages that it has in common with the template that it was cloned from would be taken from another. */
    @Test
    void oneWhoseTemplateWasMadeAnewUnderTheSameKeyStaysInMemoryAndGoesOn() throws IOException {
        LibvirtVm vm = adopted();
        vm.pause();
        Path properties = template.template().properties();
        Files.writeString(properties, Files.readString(properties).replaceFirst("ram.crc32c=.*", "ram.crc32c=1"));
        assertThatThrownBy(() -> vm.snapshot(PLENTY)).isExactlyInstanceOf(VmException.class).hasMessageContainingAll(vm.name(), "made anew");
        goesOn(vm);
    }

    @Test
    void oneWhoseTemplateIsGoneStaysInMemoryAndGoesOn() {
        LibvirtVm vm = adopted();
        vm.pause();
        host.store.discard(template);
        assertThatThrownBy(() -> vm.snapshot(PLENTY)).isExactlyInstanceOf(VmException.class).hasMessageContainingAll(template.template().key(), "gone");
        goesOn(vm);
    }

    @Test
    void oneOfWhichAnEarlierVersionHasNotNotedTheTemplateStaysInMemoryAndGoesOn() {
        domain().forgetNote("template");
        LibvirtVm vm = adopted();
        vm.pause();
        assertThatThrownBy(() -> vm.snapshot(PLENTY)).isExactlyInstanceOf(VmException.class).hasMessageContaining("not noted from which template");
        goesOn(vm);
    }

    private static void goesOn(LibvirtVm vm) {
        vm.resume();
        assertThat(vm.ping(Duration.ofSeconds(5)).status()).isEqualTo(200);
    }

    @Test
    void noneIsTakenUpWhileTheDriverIsBeingClosed() {
        host.fleet.destroyAll();
        assertThatThrownBy(this::adopted).isInstanceOf(HypervisorAwayException.class).hasMessageContaining("being closed");
        assertThat(domain().alive()).isTrue();
    }

    @Test
    void itIsLeftAgainAsOftenAsTheServerStops() {
        for (int run = 0; run < 3; run++) {
            LibvirtVm vm = adopted();
            assertThat(vm.ping(Duration.ofSeconds(5)).status()).isEqualTo(200);
            vm.leave();
        }
        assertThat(host.fleet.size()).isZero();
        assertThat(domain().alive()).isTrue();
    }

    @Test
    void aDriverThatClosesLeavesThoseThatWereLeftAndEndsTheOthers() {
        LibvirtDriver driver = host.driver();
        Vm kept = driver.prepare(host.agent(), step -> { }).start();
        Vm other = driver.prepare(host.agent(), step -> { }).start();
        kept.begin(SessionStart.of("session"));
        kept.leave();
        driver.close();
        assertThat(host.domain(other.name())).isNull();
        assertThat(host.domain(kept.name()).alive()).isTrue();
        try (LibvirtDriver next = host.driver()) {
            assertThat(next.survey()).extracting(FoundVm::name).containsExactly(kept.name());
            Vm again = next.adopt(kept.name(), StartMode.CLONE);
            assertThat(next.reclaim(Set.of()).destroyed()).isEmpty();
            assertThat(again.ping(Duration.ofSeconds(5)).status()).isEqualTo(200);
        }
        assertThat(host.domain(kept.name())).as("a driver that closes ends what it was not told to leave").isNull();
    }
}
