package dev.agentruntime.libvirt;

import dev.agentruntime.runtime.spi.MeterReading;
import dev.agentruntime.runtime.spi.VmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Removes what an earlier run of this server left: VMs, control groups, sockets, logs, scratch memory. */
final class Leftovers {

    private static final Duration END_LIMIT = Duration.ofSeconds(15);

    private final Machines machines;
    private final TemplateStore store;

    Leftovers(Machines machines, TemplateStore store) {
        this.machines = machines;
        this.store = store;
    }

    /** The last readings by VM name. */
    Map<String, MeterReading> remove() {
        Directories directories = machines.directories();
        String prefix = "agrt-" + directories.serverId() + "-";
        Map<String, MeterReading> readings = new TreeMap<>();
        List<String> left = new ArrayList<>();
        try {
            TreeSet<String> names = new TreeSet<>(machines.hypervisor().domainNames());
            names.removeIf(name -> !name.startsWith(prefix));
            if (machines.groups().isPresent()) {
                names.addAll(Partition.present(machines.groups().get(), directories.serverId()));
            }
            for (String name : names) {
                readings.put(name, end(name, left));
                DriverMessage.LEFTOVER_REMOVED.log("VM " + name);
            }
            removeFiles(directories, left);
            store.removeDrafts();
        } catch (IOException e) {
            throw new VmException("What an earlier run had left could not be looked through: " + e.getMessage(), e);
        }
        if (!left.isEmpty()) {
            DriverMessage.CLEANUP_FAILED.log("an earlier run", String.join(", ", left));
        }
        return readings;
    }

    private MeterReading end(String name, List<String> left) {
        Optional<QemuProcess> process = QemuProcess.find(name);
        Optional<Partition> partition = machines.groups().map(g -> new Partition(g, machines.directories().serverId(), name));
        Meter meter = new Meter(partition, process, machines.hypervisor(), name);
        meter.read();
        machines.hypervisor().destroy(name);
        if (process.isPresent() && !process.get().awaitEnd(END_LIMIT)) {
            left.add("process " + process.get().pid());
        }
        partition.filter(p -> !p.awaitEmpty(END_LIMIT)).ifPresent(p -> left.add("processes in " + p.path()));
        MeterReading last = meter.read();
        partition.ifPresent(p -> left.addAll(p.remove()));
        return last;
    }

    private static void removeFiles(Directories directories, List<String> left) throws IOException {
        List<Path> files = new ArrayList<>(directories.staleScratch());
        try (var entries = Files.newDirectoryStream(directories.run(), "agrt-*")) {
            entries.forEach(files::add);
        }
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                left.add(file + " (" + e.getMessage() + ")");
            }
        }
    }
}
