package dev.agentruntime.libvirt;

import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The QEMU process of a VM: its number and, since numbers are used again, the tick at which it started. */
record QemuProcess(long pid, String startTick) {

    private static final Path PROC = Path.of("/proc");
    private static final String NAME = "\0-name\0guest=";
    private static final long NANOS_PER_TICK = 10_000_000;

    /** Finds the process by the name libvirt starts it with; a pid file would be readable by root alone. */
    static Optional<QemuProcess> find(String vm) {
        return all().filter(found -> found.vm().equals(vm)).map(Found::process).findFirst();
    }

    /** The names of VMs that have a process and begin so. */
    static Set<String> names(String prefix) {
        return all().map(Found::vm).filter(vm -> vm.startsWith(prefix)).collect(Collectors.toSet());
    }

    private record Found(String vm, QemuProcess process) {}

    private static Stream<Found> all() {
        List<Path> processes = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            entries.forEach(processes::add);
        } catch (IOException e) {
            throw new VmException("The processes of VMs could not be looked for in /proc: " + e.getMessage(), e);
        }
        return processes.stream().flatMap(process -> read(process.resolve("cmdline")).stream()
                .flatMap(cmdline -> found(Long.parseLong(process.getFileName().toString()), cmdline).stream()));
    }

    private static Optional<Found> found(long pid, String cmdline) {
        int begin = cmdline.indexOf(NAME);
        int end = begin < 0 ? -1 : cmdline.indexOf(',', begin);
        return end < 0
                ? Optional.empty()
                : fields(pid).map(f -> new Found(cmdline.substring(begin + NAME.length(), end), new QemuProcess(pid, f[19])));
    }

    /** Whether it still runs. A zombie does not: it holds no memory, file or socket, and waits only to be counted. */
    boolean alive() {
        return fields(pid).filter(f -> f[19].equals(startTick) && !f[0].equals("Z") && !f[0].equals("X")).isPresent();
    }

    boolean awaitEnd(Duration limit) {
        return Await.until(limit, () -> !alive());
    }

    /** For when libvirtd cannot do it. */
    void kill() {
        if (alive()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /** CPU of all its threads, those that have ended included; 10 ms steps where threads have ended, else exact. */
    Optional<Long> cpuNanos() {
        return fields(pid).filter(f -> f[19].equals(startTick)).map(f -> {
            long ticks = (Long.parseLong(f[11]) + Long.parseLong(f[12])) * NANOS_PER_TICK;
            return Math.max(ticks, threadNanos());
        });
    }

    private long threadNanos() {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(directory().resolve("task"))) {
            return nanos(threads);
        } catch (IOException e) {
            return 0;
        }
    }

    /** The CPU of threads, as far as they are still there. */
    static long nanos(Iterable<Path> threads) {
        long sum = 0;
        try {
            for (Path thread : threads) {
                sum += read(thread.resolve("schedstat")).map(s -> Long.parseLong(s.substring(0, s.indexOf(' ')))).orElse(0L);
            }
        } catch (DirectoryIteratorException e) {
            // The process has ended under the listing.
            return sum;
        }
        return sum;
    }

    /** The threads that run its virtual processors; none once it has ended. */
    List<Path> vcpus() {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(directory().resolve("task"), QemuProcess::isVcpu)) {
            threads.forEach(found::add);
        } catch (IOException | DirectoryIteratorException e) {
            return List.of();
        }
        return found;
    }

    /** libvirt has QEMU name its threads: {@code CPU 0/KVM}, {@code CPU 0/TCG}; they have the name for good. */
    private static boolean isVcpu(Path thread) {
        return read(thread.resolve("comm")).filter(name -> name.startsWith("CPU ")).isPresent();
    }

    /**
     * Memory that belongs to this process alone: anonymous pages, to which every page of a template is turned by the
     * first write to it. Empty when the process is gone or another user's.
     */
    Optional<Long> anonymousBytes() {
        return read(directory().resolve("smaps_rollup")).flatMap(text -> text.lines()
                .filter(line -> line.startsWith("Anonymous:"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst());
    }

    /** What the kernel lets it do; empty when it is gone. */
    Optional<Rights> rights() {
        return read(directory().resolve("status")).flatMap(Rights::parse);
    }

    /** The control groups it is in, as /proc lists them. */
    String controlGroups() {
        return read(directory().resolve("cgroup")).orElse("");
    }

    private Path directory() {
        return PROC.resolve(Long.toString(pid));
    }

    /** The fields of /proc/PID/stat from the third on (state); the second, in parentheses, may hold anything. */
    private static Optional<String[]> fields(long pid) {
        return read(PROC.resolve(pid + "/stat")).map(s -> s.substring(s.lastIndexOf(')') + 2).split(" "));
    }

    /** Empty when the process has gone in the meantime. */
    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1)).filter(s -> !s.isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
