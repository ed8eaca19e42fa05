package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.VmException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** libvirtd is stopped, killed and restarted under calls, and loses their answers. */
class LostHypervisorTest {

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final CallLimits LIMITS = new CallLimits(SHORT, SHORT, SHORT, Duration.ofMillis(100), SHORT);
    private static final CallLimits PATIENT = new CallLimits(SHORT, SHORT, SHORT, SHORT, Duration.ofSeconds(20));
    private static final String VM = "agrt-a-s0123456789";

    @TempDir
    Path run;

    private final FakeLibvirt libvirt = new FakeLibvirt();
    private Hypervisor hypervisor;

    @BeforeEach
    void create() {
        hypervisor = libvirt.hypervisor(LIMITS);
        create(VM);
        libvirt.calls();
    }

    @AfterEach
    void close() {
        hypervisor.close();
        libvirt.close();
    }

    private void create(String name) {
        Machine machine = TestMachine.named(name, run);
        hypervisor.create(machine, TestMachine.xml(machine), 0);
    }

    @Test
    void aStoppedLibvirtdIsAwayAndHoldsNobodyLongerThanTheLimit() {
        libvirt.stop();
        long begun = System.nanoTime();
        assertThatThrownBy(() -> hypervisor.state(VM)).isInstanceOf(HypervisorAwayException.class)
                .hasMessageContainingAll("Looking at the VM " + VM, "no answer within 0.2 s", "libvirtd answers nothing");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void whoCallsWhileLibvirtdIsStoppedAddsNoThread() {
        libvirt.stop();
        List<CompletableFuture<Void>> callers = IntStream.range(0, 100)
                .mapToObj(i -> CompletableFuture.runAsync(() -> hypervisor.state(VM), task -> new Thread(task).start())).toList();
        assertThat(callers).allSatisfy(caller -> assertThatThrownBy(caller::join).hasCauseInstanceOf(HypervisorAwayException.class));
        // At most the calls of one connection, and a few attempts to make another.
        assertThat(callThreads()).isLessThan(60);
    }

    private static long callThreads() {
        return Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().startsWith("agent-runtime-libvirt-call")).count();
    }

    @Test
    void aLibvirtdThatGoesOnIsUsedAgainAtOnce() {
        libvirt.stop();
        assertThatThrownBy(() -> hypervisor.version()).isInstanceOf(HypervisorAwayException.class);
        libvirt.goOn();
        await().atMost(30, TimeUnit.SECONDS).ignoreExceptions().until(() -> hypervisor.version().equals("9.0.0"));
        assertThat(hypervisor.state(VM)).contains(DomainHandle.State.RUNNING);
    }

    @Test
    void connectionsThatWereGivenUpAreClosedWhenTheirCallsReturn() {
        libvirt.stop();
        assertThatThrownBy(() -> hypervisor.version()).isInstanceOf(HypervisorAwayException.class);
        libvirt.goOn();
        await().ignoreExceptions().until(() -> hypervisor.version().equals("9.0.0"));
        await().untilAsserted(() -> assertThat(libvirt.openConnections()).isEqualTo(1));
    }

    @Test
    void aRestartedLibvirtdIsNotNoticedByWhoCalls() {
        libvirt.kill();
        libvirt.goOn();
        assertThat(hypervisor.state(VM)).contains(DomainHandle.State.RUNNING);
    }

    @Test
    void whoCallsWhileLibvirtdIsAwayIsServedAMomentAfterItIsBack() throws Exception {
        try (Hypervisor patient = libvirt.hypervisor(PATIENT)) {
            patient.version();
            libvirt.kill();
            List<CompletableFuture<Void>> callers = IntStream.range(0, 10)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> patient.destroy("agrt-a-s" + Thread.currentThread().getId()), task -> new Thread(task).start())).toList();
            await().until(() -> libvirt.calls().contains("open"));
            assertThat(callers).noneMatch(CompletableFuture::isDone);
            libvirt.goOn();
            for (CompletableFuture<Void> caller : callers) {
                caller.get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void whileLibvirtdIsAwayCallersAreToldSoAndConnectionsAreTriedSeldom() {
        libvirt.kill();
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> hypervisor.destroy(VM)).isInstanceOf(HypervisorAwayException.class).hasMessageContaining("Is libvirtd running?");
        }
        assertThat(libvirt.calls().stream().filter("open"::equals)).hasSizeLessThan(15);
    }

    @Test
    void aDestroyWhoseAnswerIsLostHasBeenDone() {
        libvirt.loseAnswer("destroy");
        hypervisor.destroy(VM);
        assertThat(libvirt.domains()).isEmpty();
    }

    @Test
    void aConnectionThatBreaksTwiceIsAwayAndNotFinal() {
        libvirt.loseBefore("destroy");
        libvirt.loseBefore("destroy");
        assertThatThrownBy(() -> hypervisor.destroy(VM)).isInstanceOf(HypervisorAwayException.class).hasMessageContaining("End of file");
    }

    @Test
    void whatLibvirtRefusesIsFinal() {
        libvirt.refuse("destroy");
        assertThatThrownBy(() -> hypervisor.destroy(VM)).isExactlyInstanceOf(VmException.class).hasMessageContaining("destroy was refused");
    }

    @Test
    void aCreateWhoseAnswerIsLostIsNotRepeated() {
        libvirt.loseAnswer("create");
        assertThatThrownBy(() -> create("agrt-a-s1")).isInstanceOf(HypervisorAwayException.class);
        assertThat(libvirt.calls()).containsOnlyOnce("create agrt-a-s1");
        hypervisor.destroy("agrt-a-s1");
        assertThat(libvirt.domains()).doesNotContainKey("agrt-a-s1");
    }

    @Test
    void aVmWhoseCreationMayYetComeIsNotTakenForGone() {
        libvirt.hang("create");
        assertThatThrownBy(() -> create("agrt-a-s2")).isInstanceOf(HypervisorAwayException.class);
        assertThatThrownBy(() -> hypervisor.destroy("agrt-a-s2")).isInstanceOf(HypervisorAwayException.class)
                .hasMessageContaining("has not finished its creation");
        libvirt.goOn();
        await().ignoreExceptions().until(() -> {
            hypervisor.destroy("agrt-a-s2");
            return true;
        });
        assertThat(libvirt.domains()).doesNotContainKey("agrt-a-s2");
    }

    @Test
    void aReasonThatOnlyAPersonCanMendIsToldAtOnceAndNotTakenForAway() {
        libvirt.refuse();
        try (Hypervisor refused = libvirt.hypervisor(PATIENT)) {
            assertThatThrownBy(refused::version).isExactlyInstanceOf(VmException.class).hasMessageContaining("run the server as root");
        }
    }

    @Test
    void whoIsAtWorkWhenTheConnectionIsGivenUpGoesOnOverTheNext() {
        List<CompletableFuture<Void>> callers = IntStream.range(0, 16).mapToObj(i -> CompletableFuture.runAsync(() -> {
            for (int n = 0; n < 50; n++) {
                if (n % 10 == i % 10) {
                    libvirt.loseBefore("ping");
                }
                try {
                    hypervisor.ping();
                } catch (HypervisorAwayException e) {
                    // Two others' faults met it, one after the other.
                }
            }
        })).toList();
        callers.forEach(CompletableFuture::join);
    }

    @Test
    void aClosedDriverLetsGoOfItsConnectionAndOfWhoWaits() {
        libvirt.kill();
        Hypervisor patient = libvirt.hypervisor(PATIENT);
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> patient.destroy("agrt-a-s" + Thread.currentThread().getId()));
        await().until(() -> libvirt.calls().contains("open"));
        patient.close();
        assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS)).hasRootCauseMessage("The driver has been closed: open it again before using it");
        libvirt.goOn();
        hypervisor.close();
        await().untilAsserted(() -> assertThat(libvirt.openConnections()).isZero());
    }
}
