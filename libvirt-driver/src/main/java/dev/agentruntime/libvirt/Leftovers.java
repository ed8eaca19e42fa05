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

/** What an earlier run of this server left: VMs, control groups, sockets, logs, scratch memory. */
final class Leftovers {

    private static final Duration END_LIMIT = Duration.ofSeconds(15);

    private final Machines machines;
    private final TemplateStore store;
    private final Fleet fleet;

    /** @param fleet the VMs of this run, which are left alone */
    Leftovers(Machines machines, TemplateStore store, Fleet fleet) {
        this.machines = machines;
        this.store = store;
        this.fleet = fleet;
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
        return machines.hypervisor().state(name).map(state -> switch (state) {
            case RUNNING -> FoundVm.State.RUNNING;
            case PAUSED -> FoundVm.State.PAUSED;
            case OTHER -> FoundVm.State.ENDED;
        }).orElseGet(() -> QemuProcess.find(name).isPresent() ? FoundVm.State.RUNNING : FoundVm.State.ENDED);
    }

    /**
     * A VM that cannot be ended yet does not keep the others.
     *
     * @param spared VMs that stay as they are
     */
    Reclaimed remove(Set<String> spared) {
        Map<String, MeterReading> readings = new TreeMap<>();
        Map<String, String> left = new TreeMap<>();
        try {
            Set<String> unwanted = names();
            unwanted.removeAll(spared);
            for (String name : unwanted) {
                try {
                    readings.put(name, end(name));
                    DriverMessage.LEFTOVER_REMOVED.log("VM " + name);
                } catch (VmException e) {
                    left.put(name, e.getMessage());
                    DriverMessage.CLEANUP_FAILED.log(e, "the VM " + name, e.getMessage());
                }
            }
            Set<String> there = new TreeSet<>(spared);
            there.addAll(left.keySet());
            removeFiles(there);
            store.tidy();
        } catch (IOException e) {
            throw unseen(e);
        }
        return new Reclaimed(readings, left);
    }

    /** Of domains, of control groups and of processes: after a fault there may be any without the others. */
    private Set<String> names() throws IOException {
        String server = machines.directories().serverId();
        String prefix = "agrt-" + server + "-";
        Set<String> ours = fleet.names(); // one of them may end while the others are listed
        Set<String> names = new TreeSet<>(machines.hypervisor().domainNames());
        names.addAll(QemuProcess.names(prefix));
        names.removeIf(name -> !name.startsWith(prefix));
        if (machines.partitions().isPresent()) {
            names.addAll(machines.partitions().get().present());
        }
        names.removeIf(name -> ours.contains(name) || fleet.has(name));
        return names;
    }

    private static VmException unseen(IOException e) {
        return new VmException("What an earlier run had left could not be looked through: " + e.getMessage(), e);
    }

    /** @throws VmException something is left of it; the message names it */
    private MeterReading end(String name) {
        Optional<QemuProcess> process = QemuProcess.find(name);
        Optional<Partition> partition = machines.partitions().map(all -> all.of(name));
        Meter meter = new Meter(partition, process, machines.hypervisor(), name);
        long held = process.filter(QemuProcess::alive).map(alive -> held(meter)).orElse(0L);
        meter.readBeforeEnd();
        machines.hypervisor().destroy(name);
        List<String> left = new ArrayList<>();
        if (process.isPresent() && !ended(process.get())) {
            left.add("process " + process.get().pid());
        }
        partition.filter(p -> !p.awaitEmpty(END_LIMIT)).ifPresent(p -> left.add("processes in " + p.path()));
        MeterReading last = meter.last();
        partition.ifPresent(p -> left.addAll(p.remove()));
        if (left.isEmpty()) {
            deleteFiles(name, left);
        }
        if (!left.isEmpty()) {
            throw new VmException("Something is left of the VM " + name + ": " + String.join(", ", left));
        }
        return new MeterReading(last.cpuNanos(), last.vcpuNanos(), held, last.source());
    }

    private static long held(Meter meter) {
        meter.measure();
        return meter.memoryBytes();
    }

    private void deleteFiles(String name, List<String> left) {
        try {
            machines.directories().files(name).delete();
        } catch (IOException e) {
            left.add("files (" + e.getMessage() + ")");
        }
    }

    /** A process that libvirtd has lost sight of is ended without it. */
    private static boolean ended(QemuProcess process) {
        if (!process.awaitEnd(Duration.ofSeconds(1))) {
            process.kill();
        }
        return process.awaitEnd(END_LIMIT);
    }

    /** Those of the VMs that are still there, of this run or an earlier one, stay. */
    private void removeFiles(Set<String> there) throws IOException {
        Directories directories = machines.directories();
        List<Path> files = new ArrayList<>(directories.staleScratch());
        try (var entries = Files.newDirectoryStream(directories.run(), "{agrt-,libvirt-}*")) {
            entries.forEach(files::add);
        }
        files.addAll(MachineFiles.logs("agrt-" + directories.serverId() + "-"));
        List<String> left = new ArrayList<>();
        for (Path file : files) {
            if (there.stream().anyMatch(vm -> Confinement.isOf(vm, file)) || fleet.owns(file)) {
                continue;
            }
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                left.add(file + " (" + e.getMessage() + ")");
            }
        }
        if (!left.isEmpty()) {
            DriverMessage.CLEANUP_FAILED.log("an earlier run", String.join(", ", left));
        }
    }
}
