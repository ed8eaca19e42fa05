package dev.agentruntime.libvirt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the files in which the kernel shows a control group. */
final class GroupFiles {

    private GroupFiles() {}

    /** The number behind a label; empty where there is no such line or file. */
    static Optional<Long> figure(Path file, String label) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(label)).map(line -> Long.valueOf(line.substring(label.length()).strip())).findFirst();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /** The CPU that was used in a group of version 2. */
    static long cpuNanos(Path group) {
        return figure(group.resolve("cpu.stat"), "usage_usec ").orElse(0L) * 1000;
    }

    /** Whether a group of version 2 has a process, itself or below. */
    static boolean populated(Path group) {
        return figure(group.resolve("cgroup.events"), "populated ").orElse(0L) != 0;
    }
}
