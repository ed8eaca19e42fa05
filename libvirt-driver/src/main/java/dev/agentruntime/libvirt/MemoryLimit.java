package dev.agentruntime.libvirt;

import dev.agentruntime.libvirt.ControlGroups.Hierarchy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The memory limit of the container in which this process and the VMs run. It stands at the root of the control groups that
 * a container sees; a host's own root has none. Thread-safe.
 */
final class MemoryLimit {

    private static final long NONE = Long.MAX_VALUE;

    private final ControlGroups groups;

    MemoryLimit(ControlGroups groups) {
        this.groups = groups;
    }

    static MemoryLimit ofThisHost() {
        try {
            return new MemoryLimit(ControlGroups.ofThisHost());
        } catch (IOException e) {
            DriverMessage.NO_PARTITION.log("the mounts cannot be read (" + e.getMessage() + ")");
            return new MemoryLimit(new ControlGroups(java.util.List.of()));
        }
    }

    /** What the limit leaves, the file cache counted as free; as good as endless without a limit. */
    long roomBytes() {
        return groups.hierarchies().stream().mapToLong(MemoryLimit::room).min().orElse(NONE);
    }

    private static long room(Hierarchy hierarchy) {
        Path root = hierarchy.root();
        return hierarchy instanceof Hierarchy.Unified
                ? room(root, "memory.max", "memory.current", "")
                : room(root, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_");
    }

    private static long room(Path root, String limitFile, String usageFile, String prefix) {
        Optional<Long> limit = number(root.resolve(limitFile));
        Optional<Long> usage = number(root.resolve(usageFile));
        if (limit.isEmpty() || usage.isEmpty()) {
            return NONE;
        }
        Map<String, Long> stat = stat(root.resolve("memory.stat"));
        long cache = stat.getOrDefault(prefix + "inactive_file", 0L) + stat.getOrDefault(prefix + "active_file", 0L);
        return Math.max(0, limit.get() - Math.max(0, usage.get() - cache));
    }

    /** Empty where there is no such file, or it says {@code max}. */
    private static Optional<Long> number(Path file) {
        try {
            return Optional.of(Files.readString(file).strip()).filter(text -> text.matches("\\d{1,18}")).map(Long::valueOf);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Map<String, Long> stat(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(line -> line.split(" ")).filter(f -> f.length == 2 && f[1].matches("\\d{1,18}"))
                    .collect(Collectors.toMap(f -> f[0], f -> Long.valueOf(f[1]), (one, other) -> one));
        } catch (IOException e) {
            return Map.of();
        }
    }
}
