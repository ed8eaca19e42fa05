package dev.agentruntime.libvirt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The control group hierarchies of this host: the unified tree, those of version 1, or both. */
record ControlGroups(List<Hierarchy> hierarchies) {

    /** Version 1 hierarchies libvirt puts a VM into. */
    private static final List<String> CONTROLLERS = List.of("cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "net_cls", "perf_event", "pids");

    /** One mounted tree. */
    sealed interface Hierarchy {
        Path root();

        /** Version 2: counts CPU whatever its controllers. */
        record Unified(Path root) implements Hierarchy {}

        /** Version 1 with its controllers. */
        record Legacy(Path root, List<String> controllers) implements Hierarchy {}
    }

    ControlGroups {
        hierarchies = List.copyOf(hierarchies);
    }

    static ControlGroups ofThisHost() throws IOException {
        return parse(Files.readAllLines(Path.of("/proc/self/mounts")));
    }

    /** @param mounts lines of /proc/mounts */
    static ControlGroups parse(List<String> mounts) {
        List<Hierarchy> found = new ArrayList<>();
        for (String line : mounts) {
            String[] f = line.split(" ");
            Path root = Path.of(f[1].replace("\\040", " "));
            if (f[2].equals("cgroup2")) {
                found.add(new Hierarchy.Unified(root));
            } else if (f[2].equals("cgroup")) {
                List<String> controllers = List.of(f[3].split(",")).stream().filter(CONTROLLERS::contains).toList();
                if (!controllers.isEmpty()) {
                    found.add(new Hierarchy.Legacy(root, controllers));
                }
            }
        }
        return new ControlGroups(found);
    }

    /** What has to be copied down from a parent before a group takes processes. */
    static final Map<String, List<String>> INHERITED = Map.of("cpuset", List.of("cpuset.cpus", "cpuset.mems"));
}
