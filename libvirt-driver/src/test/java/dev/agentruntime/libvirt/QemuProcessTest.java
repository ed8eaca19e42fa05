package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Iterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shell under QEMU's arguments stands for QEMU. */
class QemuProcessTest {

    private static final String VM = "agrt-q" + ProcessHandle.current().pid() + "-s0123456789";

    private Process shell;

    @BeforeEach
    void start() throws IOException {
        shell = new ProcessBuilder("sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; read x", "qemu", "-name",
                "guest=" + VM + ",debug-threads=on").start();
    }

    @AfterEach
    void end() {
        shell.destroyForcibly().onExit().join();
    }

    private static QemuProcess found() {
        return QemuProcess.find(VM).orElseThrow();
    }

    @Test
    void aProcessIsFoundByTheNameOfItsVmAndByNoPartOfIt() {
        assertThat(found().pid()).isEqualTo(shell.pid());
        assertThat(QemuProcess.find(VM.substring(0, VM.length() - 1))).isEmpty();
        assertThat(QemuProcess.find(VM + "0")).isEmpty();
        assertThat(QemuProcess.find("")).isEmpty();
    }

    @Test
    void namesAreListedByTheirBeginning() {
        assertThat(QemuProcess.names(VM.substring(0, 8))).contains(VM);
        assertThat(QemuProcess.names("agrt-nobody-")).isEmpty();
    }

    @Test
    void itsCpuIsCountedInNanoseconds() {
        QemuProcess process = found();
        org.awaitility.Awaitility.await().until(() -> process.cpuNanos().orElse(0L) > 20_000_000L);
        assertThat(process.cpuNanos().orElseThrow()).isLessThan(Duration.ofMinutes(1).toNanos());
    }

    @Test
    void theThreadsOfItsVirtualProcessorsAreKnownByTheirNames(@TempDir Path folder) throws IOException {
        assertThat(found().vcpus()).isEmpty();
        Path named = Files.copy(Path.of("/bin/sh"), folder.resolve("CPU 0 TCG"), StandardCopyOption.COPY_ATTRIBUTES);
        Process vcpu = new ProcessBuilder(named.toString(), "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; read x", "qemu",
                "-name", "guest=" + VM + "v,debug-threads=on").start();
        try {
            QemuProcess process = QemuProcess.find(VM + "v").orElseThrow();
            assertThat(process.vcpus()).containsExactly(Path.of("/proc/" + vcpu.pid() + "/task/" + vcpu.pid()));
            org.awaitility.Awaitility.await().until(() -> QemuProcess.nanos(process.vcpus()) > 20_000_000L);
        } finally {
            vcpu.destroyForcibly().onExit().join();
        }
        assertThat(new QemuProcess(vcpu.pid(), "1").vcpus()).isEmpty();
    }

    @Test
    void itsOwnMemoryIsWhatItHasWrittenItself() {
        assertThat(found().anonymousBytes().orElseThrow()).isBetween(4096L, 64L << 20);
    }

    @Test
    void aProcessThatEndsWhileItsThreadsAreListedIsCountedAsFarAsTheListWent() {
        Path thread = Path.of("/proc/" + shell.pid() + "/task/" + shell.pid());
        Iterable<Path> cutOff = () -> new Iterator<>() {
            private boolean given;

            @Override
            public boolean hasNext() {
                if (given) {
                    throw new DirectoryIteratorException(new IOException("No such process"));
                }
                return true;
            }

            @Override
            public Path next() {
                given = true;
                return thread;
            }
        };
        assertThat(QemuProcess.nanos(cutOff)).isPositive();
    }

    @Test
    void aKilledProcessHasEndedThoughNobodyHasReapedIt() {
        QemuProcess process = found();
        assertThat(process.alive()).isTrue();
        process.kill();
        assertThat(process.awaitEnd(Duration.ofSeconds(5))).isTrue();
        assertThat(process.anonymousBytes()).isEmpty();
        process.kill();
    }

    @Test
    void aNumberThatIsUsedAgainIsAnotherProcess() {
        QemuProcess other = new QemuProcess(shell.pid(), "1");
        assertThat(other.alive()).isFalse();
        assertThat(other.cpuNanos()).isEmpty();
        other.kill();
        assertThat(shell.isAlive()).isTrue();
    }

    @Test
    void itsControlGroupsAreThoseTheKernelTells() throws IOException {
        assertThat(found().controlGroups()).isEqualTo(Files.readString(Path.of("/proc/" + shell.pid() + "/cgroup")));
        assertThat(new QemuProcess(Long.MAX_VALUE, "1").controlGroups()).isEmpty();
    }
}
