package dev.agentruntime.libvirt;

import dev.agentruntime.spi.FoundVm;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.Reclaimed;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    /** What is there; nothing is changed. */
    List<FoundVm> find() {
        try {
            return names().stream().map(name -> new FoundVm(name, state(name))).toList();
        } catch (IOException e) {
            throw unseen(e);
        }
    }

    private FoundVm.State state(String name) {
        return QemuProcess.find(name).isPresent() ? FoundVm.State.RUNNING : FoundVm.State.ENDED;
    }

    /** A VM that cannot be ended yet does not keep the others. */
    Reclaimed remove() {
        Directories directories = machines.directories();
        Map<String, MeterReading> readings = new TreeMap<>();
        Map<String, String> left = new TreeMap<>();
        try {
            for (String name : names()) {
                List<String> remains = new ArrayList<>();
                try {
                    readings.put(name, end(name, remains));
                    DriverMessage.LEFTOVER_REMOVED.log("VM " + name);
                } catch (VmException e) {
                    left.put(name, e.getMessage());
                }
                report(name, remains);
            }
            List<String> remains = new ArrayList<>();
            removeFiles(directories, remains);
            report("an earlier run", remains);
            store.removeDrafts();
        } catch (IOException e) {
            throw unseen(e);
        }
        return new Reclaimed(readings, left);
    }

    private static void report(String whose, List<String> remains) {
        if (!remains.isEmpty()) {
            DriverMessage.CLEANUP_FAILED.log(whose, String.join(", ", remains));
        }
    }

    private Set<String> names() throws IOException {
        String server = machines.directories().serverId();
        Set<String> names = new TreeSet<>(machines.hypervisor().domainNames());
        names.removeIf(name -> !name.startsWith("agrt-" + server + "-"));
        if (machines.groups().isPresent()) {
            names.addAll(Partition.present(machines.groups().get(), server));
        }
        return names;
    }

    private static VmException unseen(IOException e) {
        return new VmException("What an earlier run had left could not be looked through: " + e.getMessage(), e);
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
