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

/**
 * The parent control group of one VM, in every hierarchy. libvirt puts the VM's own group into it and removes that when
 * the VM ends; this one stays, with its counters, until {@link #remove()}. Thread-safe.
 */
final class Partition {

    private static final Logger LOG = Logger.getLogger("dev.agentruntime.libvirt");

    private final ControlGroups groups;
    private final String server;
    private final String vm;

    Partition(ControlGroups groups, String serverId, String vm) {
        this.groups = groups;
        this.server = serverGroup(serverId);
        this.vm = vm;
    }

    private static String serverGroup(String serverId) {
        return "agrt-" + serverId;
    }

    /** As libvirt's XML names it. */
    String libvirtName() {
        return "/machine/" + server + "/" + vm;
    }

    /** As the kernel shows it, below the root of a hierarchy: libvirt puts {@code .partition} behind all but the first part. */
    String path() {
        return "machine/" + server + ".partition/" + vm + ".partition";
    }

    /** Makes it everywhere, for libvirt makes none of its partitions. */
    void create() throws IOException {
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

    /** Whether a process whose /proc/PID/cgroup is {@code controlGroups} has its CPU counted here. */
    boolean counts(String controlGroups) {
        return controlGroups.lines()
                .filter(line -> line.startsWith("0::") || line.split(":", 3)[1].contains("cpuacct"))
                .anyMatch(line -> line.contains(path()));
    }

    /** CPU of everything that ever ran in it; the trees that do not count say 0. */
    long cpuNanos() {
        long most = 0;
        for (Hierarchy hierarchy : groups.hierarchies()) {
            Path group = hierarchy.root().resolve(path());
            most = Math.max(most, hierarchy instanceof Hierarchy.Unified
                    ? figure(group.resolve("cpu.stat"), "usage_usec ").orElse(0L) * 1000
                    : figure(group.resolve("cpuacct.usage"), "").orElse(0L));
        }
        return most;
    }

    /** Anonymous memory of its processes, which leaves out pages of the template; empty where memory is not counted. */
    Optional<Long> anonymousBytes() {
        return groups.hierarchies().stream()
                .map(h -> figure(h.root().resolve(path()).resolve("memory.stat"), h instanceof Hierarchy.Unified ? "anon " : "total_rss "))
                .flatMap(Optional::stream)
                .filter(bytes -> bytes > 0)
                .findFirst();
    }

    /** Waits until no process is left in it. */
    boolean awaitEmpty(Duration limit) {
        return Await.until(limit, () -> directories().stream().noneMatch(Partition::populated));
    }

    private static boolean populated(Path group) {
        Path events = group.resolve("cgroup.events");
        return Files.exists(events) && figure(events, "populated ").orElse(0L) != 0;
    }

    /** Removes it everywhere. Returns what could not be removed. */
    List<String> remove() {
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

    /** The names of the VMs of a server that have a partition now. */
    static List<String> present(ControlGroups groups, String serverId) throws IOException {
        List<String> names = new ArrayList<>();
        for (Path parent : parents(groups, serverId)) {
            try (var children = Files.newDirectoryStream(parent, "*.partition")) {
                for (Path child : children) {
                    String name = child.getFileName().toString();
                    names.add(name.substring(0, name.length() - ".partition".length()));
                }
            }
        }
        return names.stream().distinct().toList();
    }

    /** Removes the group of the server itself, where no VM is left in it. */
    static void removeParents(ControlGroups groups, String serverId) throws IOException {
        for (Path parent : parents(groups, serverId)) {
            Files.deleteIfExists(parent);
        }
    }

    private static List<Path> parents(ControlGroups groups, String serverId) {
        return groups.hierarchies().stream()
                .map(h -> h.root().resolve("machine/" + serverGroup(serverId) + ".partition"))
                .filter(Files::isDirectory).toList();
    }

    private static Optional<Long> figure(Path file, String label) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(label)).map(line -> Long.valueOf(line.substring(label.length()).strip())).findFirst();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }
}
