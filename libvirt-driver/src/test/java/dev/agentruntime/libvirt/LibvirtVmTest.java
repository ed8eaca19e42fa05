package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Target;
import dev.agentruntime.channel.ControlMessage;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.SessionStart;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibvirtVmTest {

    @TempDir
    Path folder;

    private FakeHost host;
    private LibvirtVm vm;

    @BeforeEach
    void start() {
        host = new FakeHost(folder);
        vm = host.starts.cloneOf(host.template().template(), host.plan);
    }

    @AfterEach
    void close() {
        host.close();
    }

    private FakeDomain domain() {
        return host.domain(vm.name());
    }

    private List<String> asked() {
        return domain().guest().asked();
    }

    private String death() throws Exception {
        return vm.death().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aCloneIsRenewedBegunAndWatched() {
        vm.begin(SessionStart.of("session"));
        await().untilAsserted(() -> assertThat(asked()).containsExactlyInAnyOrder("renew", "watch", "begin"));
    }

    @Test
    void aPrimedVmIsNotRenewedAgain() {
        LibvirtVm primed = host.starts.ahead(host.template().template(), host.plan, StartMode.PRIMED);
        List<String> before = host.domain(primed.name()).guest().asked();
        primed.begin(SessionStart.of("session"));
        List<String> after = host.domain(primed.name()).guest().asked();
        assertThat(after.subList(before.size(), after.size())).doesNotContain("renew").contains("begin");
    }

    @Test
    void aPrimedVmIsWatchedAlreadyAndItsCallerWaitsForNothingThatTheGuestDoesForTheFirstTime() throws Exception {
        LibvirtVm primed = host.starts.ahead(host.template().template(), host.plan, StartMode.PRIMED);
        FakeGuest guest = host.domain(primed.name()).guest();
        await().until(() -> guest.asked().contains("watch"));
        int before = guest.asked().size();
        primed.begin(SessionStart.of("session"));
        assertThat(guest.asked().subList(before, guest.asked().size())).containsExactly("begin");
        guest.endServer("Out of memory.");
        assertThat(primed.death().toCompletableFuture().get(10, TimeUnit.SECONDS)).isEqualTo("Out of memory.");
    }

    @Test
    void pausingAndResumingAsksLibvirtNothing() {
        vm.begin(SessionStart.of("session"));
        host.libvirt.calls();
        vm.pause();
        vm.resume();
        assertThat(host.libvirt.calls()).isEmpty();
    }

    @Test
    void aVmIsPausedAndResumedWhileLibvirtdIsStopped() {
        vm.begin(SessionStart.of("session"));
        host.libvirt.stop();
        vm.pause();
        assertThat(domain().state()).isEqualTo(DomainHandle.State.PAUSED);
        vm.resume();
        assertThat(domain().state()).isEqualTo(DomainHandle.State.RUNNING);
        assertThat(vm.ping(Duration.ofSeconds(5)).status()).isEqualTo(200);
    }

    @Test
    void aVmIsToldOnceToPauseHoweverOftenItIsAsked() {
        vm.begin(SessionStart.of("session"));
        vm.pause();
        vm.pause();
        assertThat(domain().told()).containsOnlyOnce("stop");
        vm.resume();
        vm.resume();
        assertThat(domain().state()).isEqualTo(DomainHandle.State.RUNNING);
        assertThat(asked().stream().filter("clock"::equals)).as("the clock is put right each time").hasSize(2);
    }

    @Test
    void aVmThatStandsStillGoesOnForItsFarewell() {
        vm.begin(SessionStart.of("session"));
        vm.pause();
        vm.farewell(Duration.ofSeconds(5));
        assertThat(domain().state()).isEqualTo(DomainHandle.State.RUNNING);
        assertThat(asked()).endsWith("end");
        vm.destroy();
        assertThatThrownBy(() -> vm.farewell(Duration.ofSeconds(5))).isInstanceOf(VmException.class).hasMessageContaining("has ended");
    }

    @Test
    void aVmWhoseAgentDoesNothingAtItsEndIsNotWokenForAFarewell() {
        GuestPlan silent = new GuestPlan(host.plan.host(), host.plan.image(), host.plan.memoryBytes(), 1, false, false);
        vm = host.starts.cloneOf(host.template().template(), silent);
        vm.begin(SessionStart.of("session"));
        vm.pause();
        vm.farewell(Duration.ofSeconds(5));
        assertThat(domain().state()).isEqualTo(DomainHandle.State.PAUSED);
        assertThat(asked()).doesNotContain("end");
    }

    @Test
    void aFarewellThatFailsIsToldInTheGuestsWords() {
        vm.begin(SessionStart.of("session"));
        host.libvirt.guests().reply("end", ControlMessage.error("The WAR did not stop within 5 s."), "");
        assertThatThrownBy(() -> vm.farewell(Duration.ofSeconds(5))).isInstanceOf(VmException.class)
                .hasMessageContainingAll(vm.name(), "did not come to the end of its session", "did not stop within 5 s");
    }

    @Test
    void aPauseThatQemuDoesNotAnswerCanBeAskedForAgainAndLeavesTheVmAlive() {
        vm.begin(SessionStart.of("session"));
        MonitorSocket quick = new MonitorSocket(host.directories.files(vm.name()).monitor(), vm.name(), Duration.ofMillis(200));
        domain().stop();
        assertThatThrownBy(() -> new Monitor(quick, vm.name()).stop()).isInstanceOf(HypervisorAwayException.class);
        assertThat(vm.death().toCompletableFuture()).isNotDone();
    }

    @Test
    void aVmThatQemuRefusesToResumeIsFinal() {
        LibvirtVm shell = host.starts.ahead(host.template().template(), host.plan, StartMode.SHELL);
        assertThatThrownBy(shell::resume).isExactlyInstanceOf(VmException.class).hasMessageContaining("it waits for its state");
    }

    @Test
    void aGuestThatDoesNotSetItsClockIsToldCleanly() {
        vm.begin(SessionStart.of("session"));
        vm.pause();
        host.libvirt.guests().reply("clock", ControlMessage.error("bad\u0000news\nFORGED"), "a\nb\u001b[2J");
        assertThatThrownBy(vm::resume).isInstanceOf(VmException.class).satisfies(failure -> assertThat(failure.getMessage())
                .isEqualTo("The VM " + vm.name() + " did not set its clock: bad news FORGED [a | b]"));
    }

    @Test
    void theEndOfTheServerIsTheDeathOfTheVmAtOnceWithItsReason() throws Exception {
        vm.begin(SessionStart.of("session"));
        await().until(() -> asked().contains("watch"));
        domain().guest().endServer("The agent has left its JVM with exit code 3.");
        assertThat(death()).isEqualTo("The agent has left its JVM with exit code 3.");
        assertThat(vm.logTail(5)).containsExactly("the server's last line");
        assertThatThrownBy(vm::resume).isInstanceOf(VmException.class).hasMessageContaining("has ended");
        vm.destroy();
        assertThat(vm.logTail(5)).containsExactly("the server's last line");
    }

    @Test
    void aVmMadeAheadIsWatchedOnItsNewLink() throws Exception {
        LibvirtVm shell = host.starts.ahead(host.template().template(), host.plan, StartMode.SHELL);
        shell.begin(SessionStart.of("session"));
        await().until(() -> host.domain(shell.name()).guest().asked().contains("watch"));
        host.domain(shell.name()).guest().endServer("Out of memory.");
        assertThat(shell.death().toCompletableFuture().get(10, TimeUnit.SECONDS)).isEqualTo("Out of memory.");
    }

    @Test
    void aVmWhoseProcessIsKilledDiesWithASentence() throws Exception {
        vm.begin(SessionStart.of("session"));
        long pid = QemuProcess.find(vm.name()).orElseThrow().pid();
        domain().end();
        assertThat(death()).contains("QEMU process " + pid, "killed");
    }

    @Test
    void aPanicOfTheGuestIsReadFromItsConsole() throws Exception {
        Files.writeString(host.directories.files(vm.name()).log(), "[1.0] fine\n[2.0] Kernel panic - not syncing: \u001b[31mout\n");
        domain().end();
        assertThat(death()).contains("kernel panicked ([2.0] Kernel panic - not syncing: out)");
    }

    @Test
    void aDestroyedVmDoesNotDie() {
        vm.begin(SessionStart.of("session"));
        vm.destroy();
        assertThat(vm.death().toCompletableFuture()).isNotDone();
        assertThat(host.files()).isEmpty();
        assertThat(QemuProcess.find(vm.name())).isEmpty();
    }

    @Test
    void aVmIsDestroyedWhileLibvirtdIsAwayAndNothingIsLeft() {
        host.libvirt.kill();
        vm.destroy();
        assertThat(QemuProcess.find(vm.name()).filter(QemuProcess::alive)).isEmpty();
        assertThat(host.files()).isEmpty();
    }

    @Test
    void theGuestsLogIsAskedForWhileItRunsAndKeptOtherwise() throws IOException {
        vm.begin(SessionStart.of("session"));
        assertThat(vm.logTail(1)).containsExactly("last line");
        Files.writeString(host.directories.files(vm.name()).log(), "from the console\n");
        vm.pause();
        assertThat(vm.logTail(5)).containsExactly("from the console");
        vm.destroy();
        assertThat(vm.logTail(5)).containsExactly("from the console");
    }

    @Test
    void aVmThatHasNotBegunTakesNoStreams() {
        LibvirtVm shell = host.starts.ahead(host.template().template(), host.plan, StartMode.SHELL);
        assertThatThrownBy(() -> shell.connect(Target.AGENT)).isInstanceOf(VmException.class).hasMessageContaining("has not begun");
    }

    @Test
    void aPingOfMoreThan4KiBIsNotTaken() {
        vm.begin(SessionStart.of("session"));
        host.libvirt.guests().reply("ping", ControlMessage.of("ok").with("status", "200"), "x".repeat(4096));
        assertThat(vm.ping(Duration.ofSeconds(5)).body()).hasSize(4096);
        host.libvirt.guests().reply("ping", ControlMessage.of("ok").with("status", "200"), "x".repeat(4097));
        assertThatThrownBy(() -> vm.ping(Duration.ofSeconds(5))).isInstanceOf(VmException.class).hasMessageContaining("4097 bytes");
    }

    @Test
    void aStatusThatIsNoneOfHttpsIsToldCleanly() {
        vm.begin(SessionStart.of("session"));
        host.libvirt.guests().reply("ping", ControlMessage.of("ok").with("status", "2\n00" + "9".repeat(5000)), "");
        assertThatThrownBy(() -> vm.ping(Duration.ofSeconds(5))).isInstanceOf(VmException.class)
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("\n").hasSizeLessThan(GuestText.LONGEST + 200));
    }
}
