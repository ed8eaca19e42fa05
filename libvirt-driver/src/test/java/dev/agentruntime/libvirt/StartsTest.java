package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.StartMode;
import dev.agentruntime.channel.ControlMessage;
import dev.agentruntime.spi.AgentStartException;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.SessionStart;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StartsTest {

    @TempDir
    Path folder;

    private FakeHost host;
    private TemplateStore.Pin template;

    @BeforeEach
    void open() {
        host = new FakeHost(folder);
        template = host.template();
        host.libvirt.calls();
    }

    @AfterEach
    void close() {
        host.close();
    }

    private void assertNothingIsLeft() {
        assertThat(host.libvirt.domains()).isEmpty();
        assertThat(host.files()).isEmpty();
        assertThat(host.fleet.size()).isZero();
    }

    @Test
    void whatFailsWhileTheDriverIsBeingClosedFailsForThat() {
        VmException failure = new VmException("The guest did not confirm.");
        assertThatThrownBy(() -> host.starts.unlessClosing(() -> {
            throw failure;
        })).isSameAs(failure);
        host.fleet.destroyAll();
        assertThatThrownBy(() -> host.starts.unlessClosing(() -> {
            throw failure;
        })).isInstanceOf(HypervisorAwayException.class).hasMessageContaining("being closed").hasCause(failure);
    }

    @Test
    void aCloneLoadsTheTemplateAndRuns() {
        LibvirtVm vm = host.starts.cloneOf(template.template(), host.plan);
        assertThat(vm.startMode()).isEqualTo(StartMode.CLONE);
        assertThat(host.domain(vm.name()).loaded()).isEqualTo(FakeDomain.STATE);
        assertThat(host.domain(vm.name()).state()).isEqualTo(DomainHandle.State.RUNNING);
        vm.destroy();
        assertNothingIsLeft();
    }

    @Test
    void aStartAsksLibvirtTwoThingsAndAnEndOne() {
        host.starts.cloneOf(template.template(), host.plan).destroy();
        assertThat(host.libvirt.calls()).filteredOn(call -> !call.startsWith("open")).hasSize(3)
                .satisfiesExactly(ping -> assertThat(ping).isEqualTo("ping"), create -> assertThat(create).startsWith("create"),
                        destroy -> assertThat(destroy).startsWith("destroy"));
    }

    @ParameterizedTest
    @EnumSource(value = StartMode.class, names = {"PRIMED", "LOADED", "SHELL"})
    void aVmThatWaitsOnARungIsPausedThere(StartMode rung) {
        LibvirtVm vm = host.starts.ahead(template.template(), host.plan, rung);
        assertThat(vm.startMode()).isEqualTo(rung);
        FakeDomain domain = host.domain(vm.name());
        assertThat(domain.state()).isEqualTo(DomainHandle.State.PAUSED);
        assertThat(domain.loaded().isEmpty()).isEqualTo(rung == StartMode.SHELL);
        assertThat(domain.guest().asked().isEmpty()).isEqualTo(rung != StartMode.PRIMED);
        vm.begin(SessionStart.of("session"));
        assertThat(domain.guest().asked()).contains("begin");
        vm.destroy();
        assertNothingIsLeft();
    }

    @Test
    void aBootedVmHasTheAgentDeployedAndNoTemplate() {
        LibvirtVm vm = host.starts.boot(host.agentWar(), host.plan);
        assertThat(host.domain(vm.name()).guest().asked()).containsExactly("await", "renew", "deploy");
        assertThat(host.domain(vm.name()).loaded()).isEmpty();
        vm.destroy();
        LibvirtVm ahead = host.starts.bootAhead(host.agentWar(), host.plan);
        assertThat(host.domain(ahead.name()).state()).isEqualTo(DomainHandle.State.PAUSED);
        ahead.destroy();
        assertNothingIsLeft();
    }

    @Test
    void anAgentThatDoesNotStartIsItsOwnFaultWithTheGuestsLogCleaned() {
        host.libvirt.guests().reply("deploy", ControlMessage.error("no\u0000luck"), "one\u001b[31m\ntwo\u0007\n");
        assertThatThrownBy(() -> host.starts.boot(host.agentWar(), host.plan)).isInstanceOfSatisfying(AgentStartException.class, fault -> {
            assertThat(fault).hasMessage("no luck");
            assertThat(fault.log()).containsExactly("one", "two");
        });
        assertNothingIsLeft();
    }

    @Test
    void aCloneWhoseProcessEndsWhileItStartsIsToldAsSuch() throws IOException {
        Files.writeString(template.template().state(), "not a state");
        assertThatThrownBy(() -> host.starts.cloneOf(template.template(), host.plan)).isExactlyInstanceOf(VmException.class)
                .hasMessageContaining("could not save or load the state");
        host.libvirt.refuse("create");
        assertThatThrownBy(() -> host.starts.cloneOf(template.template(), host.plan)).isInstanceOf(DiedStartingException.class);
        assertNothingIsLeft();
    }

    @Test
    void aStartThatIsInterruptedLeavesNoVmBehind() {
        host.libvirt.guests().silent();
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                host.starts.cloneOf(template.template(), host.plan);
            } catch (RuntimeException e) {
                told.complete(e);
            }
        });
        caller.start();
        await().until(() -> host.libvirt.domains().values().stream().anyMatch(domain -> domain.state() == DomainHandle.State.RUNNING));
        caller.interrupt();
        assertThat(told).succeedsWithin(Duration.ofSeconds(10)).isInstanceOf(VmException.class);
        await().untilAsserted(() -> {
            host.fleet.sweep();
            assertNothingIsLeft();
        });
    }

    @Test
    void aStartWhileLibvirtdIsAwayIsNotTheTemplatesFault() {
        host.libvirt.kill();
        assertThatThrownBy(() -> host.starts.cloneOf(template.template(), host.plan)).isInstanceOf(HypervisorAwayException.class);
        assertThat(host.files()).isEmpty();
    }

    @Test
    void aVmWhoseCreationWasCarriedOutAndNotAnsweredIsEndedAtOnce() {
        host.libvirt.loseAnswer("create");
        assertThatThrownBy(() -> host.starts.cloneOf(template.template(), host.plan)).isInstanceOf(HypervisorAwayException.class);
        assertNothingIsLeft();
    }

    @Test
    void aVmThatIsCreatedLongAfterItsCallerHasLeftIsEndedThen() {
        host.libvirt.hang("create");
        assertThatThrownBy(() -> host.starts.cloneOf(template.template(), host.plan)).isInstanceOf(HypervisorAwayException.class);
        assertThat(host.fleet.size()).isEqualTo(1);
        host.libvirt.goOn();
        await().untilAsserted(() -> {
            host.fleet.sweep();
            assertNothingIsLeft();
        });
    }

    @Test
    void aPinIsLetGoWhenTheVmIsGoneOrWasNotStarted() {
        LibvirtVm vm = host.starts.cloneOf(host.template(), host.plan);
        template.close();
        assertThat(inUse()).isTrue();
        vm.destroy();
        assertThat(inUse()).isFalse();
        host.libvirt.refuse("create");
        assertThatThrownBy(() -> host.starts.cloneOf(host.template(), host.plan)).isInstanceOf(VmException.class);
        assertThat(inUse()).isFalse();
    }

    private boolean inUse() {
        try {
            var free = KeyLock.tryExclusive(host.directories.templates().resolve("c".repeat(64) + ".users"));
            if (free.isPresent()) {
                free.get().close();
            }
            return free.isEmpty();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aVmThatCannotBePrimedIsGone() {
        host.libvirt.guests().reply("renew", ControlMessage.error("no entropy"), "");
        assertThatThrownBy(() -> host.starts.ahead(template.template(), host.plan, StartMode.PRIMED)).hasMessageContaining("no entropy");
        assertNothingIsLeft();
    }

    @Test
    void aVmIsMadeAheadOnlyWhereASessionsWouldFindRoomAsWell() throws IOException {
        Path meminfo = Files.writeString(folder.resolve("meminfo"), "MemAvailable: " + host.machines.fence().promisedBytes(TestMachine.MEMORY) * 3 / 2 / 1024 + " kB\n");
        Fleet small = new Fleet(new HostMemory(meminfo, new MemoryLimit(new ControlGroups(List.of())), 1), host.executor);
        Starts starts = new Starts(new Creator(host.machines, small), small, host.links, host.snapshots, host.executor);
        assertThatThrownBy(() -> starts.ahead(template.template(), host.plan, StartMode.SHELL)).isInstanceOf(NoRoomException.class);
        assertThatThrownBy(() -> starts.bootAhead(host.agentWar(), host.plan)).isInstanceOf(NoRoomException.class);
        starts.trial(template.template(), host.plan, StartMode.SHELL).destroy();
        assertThat(small.size()).isZero();
    }

    @Test
    void onlyRungsCanBeWaitedOn() {
        assertThatThrownBy(() -> host.starts.ahead(template.template(), host.plan, StartMode.CLONE)).isInstanceOf(IllegalArgumentException.class);
    }
}
