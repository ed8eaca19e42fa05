package dev.agentruntime.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** The QEMU process of a VM on this host. */
record VmProcess(long pid, List<String> commandLine) {

    /** @param vm its name at the hypervisor */
    static VmProcess of(String vm) {
        return named(vm + ",").findFirst().orElseThrow(() -> new BenchmarkException("There is no process of the VM " + vm));
    }

    /** Those of all sessions' VMs, and of all that wait for a session, of the server that has made {@code vm}. */
    static List<VmProcess> ofTheServerOf(String vm) {
        return named(vm.substring(0, vm.lastIndexOf('-') + "-s".length())).toList();
    }

    private static Stream<VmProcess> named(String beginning) {
        return ProcessHandle.allProcesses().map(process -> new VmProcess(process.pid(), commandLine(process.pid())))
                .filter(process -> process.commandLine.stream().anyMatch(word -> word.startsWith("guest=" + beginning)));
    }

    Instant startedAt() {
        return ProcessHandle.of(pid).flatMap(process -> process.info().startInstant())
                .orElseThrow(() -> new BenchmarkException("The process " + pid + " does not tell when it began"));
    }

    private static List<String> commandLine(long pid) {
        try {
            return List.of(Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1).split("\0"));
        } catch (IOException e) {
            return List.of(); // it has just ended
        }
    }
}
