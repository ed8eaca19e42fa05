package dev.agentruntime.libvirt;

import dev.agentruntime.libvirt.ControlGroups.Hierarchy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** A partition in every hierarchy, on a host without systemd. */
final class PlainPartition implements Partition {

    private static final Logger LOG = Logger.getLogger("dev.agentruntime.libvirt");

    private final ControlGroups groups;
    private final String server;
    private final String vm;

    PlainPartition(ControlGroups groups, String serverId, String vm) {
        this.groups = groups;
        this.server = serverGroup(serverId);
        this.vm = vm;
    }

    static String serverGroup(String serverId) {
        return "agrt-" + serverId;
    }

    @Override
    public String libvirtName() {
        return "/machine/" + server + "/" + vm;
    }

    /** libvirt puts {@code .partition} behind all but the first part. */
    @Override
    public String path() {
        return "machine/" + server + ".partition/" + vm + ".partition";
    }

    /** libvirt makes none of its partitions. */
    @Override
    public void create() throws IOException {
        for (Hierarchy hierarchy : groups.hierarchies()) {
            Path group = hierarchy.root();
            for (String part : path().split("/")) {
                Path parent = group;
                group = group.resolve(part);
                if (hierarchy instanceof Hierarchy.Unified) {
                    passControllersOn(parent);
                }
                Files.createDirectories(group);
                if (hierarchy instanceof Hierarchy.Legacy legacy) {
                    inherit(legacy, parent, group);
                }
            }
        }
    }

    @Override
    public List<String> limit(GroupLimits limits) {
        GroupWriter writer = new GroupWriter();
        for (Hierarchy hierarchy : groups.hierarchies()) {
            writer.write(hierarchy.root().resolve(path()), hierarchy instanceof Hierarchy.Unified ? limits.unified() : limits.legacy());
        }
        return writer.missing();
    }

    /** libvirt knows nothing of the tree that counts threads in version 1. */
    @Override
    public List<String> adopt(long pid) {
        for (Hierarchy hierarchy : groups.hierarchies()) {
            Path group = hierarchy.root().resolve(path());
            if (hierarchy instanceof Hierarchy.Legacy legacy && legacy.controllers().equals(List.of("pids")) && Files.isDirectory(group)) {
                try {
                    Files.writeString(group.resolve("cgroup.procs"), Long.toString(pid));
                } catch (IOException e) {
                    return List.of(GroupLimits.Kind.TASKS.words + " (cgroup.procs: " + GroupWriter.reason(e) + ")");
                }
            }
        }
        return List.of();
    }

    /** Best effort: a parent with processes of its own cannot pass memory on, and CPU is counted all the same. */
    private static void passControllersOn(Path parent) throws IOException {
        String available = Files.readString(parent.resolve("cgroup.controllers"));
        for (String controller : List.of("cpu", "memory", "cpuset", "io", "pids")) {
            if (List.of(available.strip().split(" ")).contains(controller)) {
                try {
                    Files.writeString(parent.resolve("cgroup.subtree_control"), "+" + controller);
                } catch (IOException e) {
                    LOG.log(Level.FINE, e, () -> parent + " does not pass " + controller + " on");
                }
            }
        }
    }

    private static void inherit(Hierarchy.Legacy hierarchy, Path parent, Path group) throws IOException {
        for (String controller : hierarchy.controllers()) {
            for (String file : ControlGroups.INHERITED.getOrDefault(controller, List.of())) {
                if (Files.readString(group.resolve(file)).isBlank()) {
                    Files.writeString(group.resolve(file), Files.readString(parent.resolve(file)));
                }
            }
        }
    }

    @Override
    public boolean counts(String controlGroups) {
        return controlGroups.lines()
                .filter(line -> line.startsWith("0::") || line.split(":", 3)[1].contains("cpuacct"))
                .anyMatch(line -> line.contains(path()));
    }

    /** The trees that do not count say 0. */
    @Override
    public long cpuNanos() {
        long most = 0;
        for (Hierarchy hierarchy : groups.hierarchies()) {
            Path group = hierarchy.root().resolve(path());
            most = Math.max(most, hierarchy instanceof Hierarchy.Unified
                    ? GroupFiles.cpuNanos(group)
                    : GroupFiles.figure(group.resolve("cpuacct.usage"), "").orElse(0L));
        }
        return most;
    }

    @Override
    public Optional<Long> anonymousBytes() {
        return groups.hierarchies().stream()
                .map(h -> GroupFiles.figure(h.root().resolve(path()).resolve("memory.stat"), h instanceof Hierarchy.Unified ? "anon " : "total_rss "))
                .flatMap(Optional::stream)
                .filter(bytes -> bytes > 0)
                .findFirst();
    }

    @Override
    public boolean awaitEmpty(Duration limit) {
        return Await.until(limit, () -> directories().stream().noneMatch(GroupFiles::populated));
    }

    @Override
    public List<String> remove() {
        List<String> left = new ArrayList<>();
        for (Path group : directories()) {
            try (Stream<Path> all = Files.walk(group)) {
                for (Path directory : all.filter(Files::isDirectory).sorted((a, b) -> b.getNameCount() - a.getNameCount()).toList()) {
                    Files.deleteIfExists(directory);
                }
            } catch (IOException | UncheckedIOException e) { // unchecked where libvirt removes a group under the walk
                if (Files.exists(group)) {
                    left.add("control group " + group + " (" + e.getMessage() + ")");
                }
            }
        }
        return left;
    }

    /** Where it is now. */
    List<Path> directories() {
        return groups.hierarchies().stream().map(h -> h.root().resolve(path())).filter(Files::isDirectory).toList();
    }
}
