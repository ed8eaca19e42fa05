package dev.agentruntime.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** What the host itself shows of VMs, asked without the product. */
final class Host {

    /** Where VMs may leave something. */
    private static final List<String> PLACES = List.of("/run", "/var/lib/agent-runtime", "/var/lib/libvirt", "/var/log/libvirt", "/dev/shm", "/sys/fs/cgroup");

    private Host() {}

    /** What the server under test has logged since it started. */
    static List<String> serverLog() {
        try {
            return Files.readAllLines(Path.of(System.getProperty("root"), "server-config/target/wlp/usr/servers/agents-under-test/logs/messages.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In the server under test. */
    static void collectGarbage() {
        String end = Path.of(System.getProperty("root")).toAbsolutePath().normalize() + "/server-config/target/wlp/bin/tools/ws-server.jar\0agents-under-test\0";
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            long server = all.map(ProcessHandle::pid).filter(pid -> commandLine(pid).endsWith(end)).findFirst().orElseThrow();
            run(Path.of(System.getProperty("java.home"), "bin/jcmd").toString(), Long.toString(server), "GC.run");
        }
    }

    /** The names of the running domains, as virsh lists them. */
    static List<String> domains() {
        return run("virsh", "-q", "list", "--name").lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    /** Processes, sockets, files and control groups that bear the VM's name or its UUID, which follows from the name. */
    static List<String> tracesOf(String vm) {
        List<String> traces = new ArrayList<>();
        qemuOf(vm).forEach(process -> traces.add("process " + process.pid()));
        for (String folder : PLACES) {
            String uuid = UUID.nameUUIDFromBytes(vm.getBytes(StandardCharsets.UTF_8)).toString();
            traces.addAll(run("find", folder, "-name", "*" + vm + "*", "-o", "-name", "*" + uuid + "*").lines().toList());
        }
        return traces;
    }

    /** The CPU that the VM's process has used, by the kernel's count, in seconds (steps of 10 ms). */
    static double cpuSecondsOf(String vm) {
        return qemuOf(vm).stream().mapToDouble(process -> process.info().totalCpuDuration().orElseThrow().toMillis() / 1e3).sum();
    }

    /** What a file of a VM's control group says, which has one name in version 1 and another in version 2. */
    static String limitOf(String vm, String legacy, String unified) {
        return run("find", "/sys/fs/cgroup", "-name", vm + ".partition", "-o", "-name", "machine-" + vm + ".slice").lines()
                .flatMap(folder -> Stream.of(legacy, unified).map(file -> Path.of(folder, file))).filter(Files::isReadable).findFirst()
                .map(file -> run("cat", file.toString()).strip()).orElseThrow(() -> new AssertionError("No control group of " + vm + " has " + legacy));
    }

    /** The VM's parent control group; of version 1 that which counts CPU. */
    static Path groupOf(String vm) {
        return run("find", "/sys/fs/cgroup", "-name", vm + ".partition", "-o", "-name", "machine-" + vm + ".slice").lines().map(Path::of)
                .filter(group -> Files.exists(group.resolve("cpuacct.usage")) || Files.exists(group.resolve("cpu.stat")) && Files.exists(group.resolve("cgroup.procs"))
                        && !Files.exists(group.resolve("tasks")))
                .findFirst().orElseThrow(() -> new AssertionError("No control group counts the CPU of " + vm));
    }

    /** Files, sockets and control groups that have this in their names. */
    static List<String> named(String part) {
        List<String> command = new ArrayList<>(List.of("find"));
        command.addAll(PLACES);
        command.addAll(List.of("-name", "*" + part + "*"));
        return run(command.toArray(String[]::new)).lines().toList();
    }

    static long pidOf(String vm) {
        return qemuOf(vm).stream().findFirst().orElseThrow(() -> new AssertionError("There is no process of " + vm)).pid();
    }

    static String commandLineOf(String vm) {
        return commandLine(pidOf(vm)).replace('\0', ' ');
    }

    static void killQemuOf(String vm) {
        qemuOf(vm).forEach(process -> process.destroyForcibly());
    }

    /** Whether the VMs' processors stand still: their processes use no CPU for a second. */
    static boolean arePaused(List<String> vms) {
        List<Double> before = vms.stream().map(Host::cpuSecondsOf).toList();
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
        return vms.stream().map(Host::cpuSecondsOf).toList().equals(before);
    }

    /** Whether libvirtd was started by server-config/bin, which does so where there is no systemd and for root only. */
    static boolean libvirtdIsOurs() {
        return !libvirtd().isEmpty() && !run("cat", "/proc/1/comm").strip().equals("systemd")
                && run("id", "-u").strip().equals("0");
    }

    static void killLibvirtd() {
        libvirtd().forEach(ProcessHandle::destroyForcibly);
        await().until(() -> libvirtd().isEmpty());
    }

    static void startLibvirtd() {
        run(Path.of(System.getProperty("root"), "server-config/bin/libvirtd-tcg.sh").toString());
        assertThat(libvirtd()).isNotEmpty();
    }

    static void stopLibvirtd() {
        libvirtd().forEach(process -> run("kill", "-STOP", Long.toString(process.pid())));
    }

    static void letLibvirtdGoOn() {
        libvirtd().forEach(process -> run("kill", "-CONT", Long.toString(process.pid())));
    }

    private static List<ProcessHandle> libvirtd() {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(process -> process.info().command().filter(path -> path.endsWith("/libvirtd")).isPresent()).toList();
        }
    }

    private static List<ProcessHandle> qemuOf(String vm) {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(process -> commandLine(process.pid()).contains("guest=" + vm + ",")).toList();
        }
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // the process has just ended
        }
    }

    static String run(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
