package dev.agentruntime.libvirt;

import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What servers that live no more left in the state directory that several may share: run folders, guest images, and VMs on the disk. */
final class EndedServers {

    /** A server that is stopped goes on with its VMs on the disk when it starts again; after so long none does. */
    private static final Duration FORGOTTEN = Duration.ofDays(60);

    private final Directories directories;
    private final Hypervisor hypervisor;

    EndedServers(Directories directories, Hypervisor hypervisor) {
        this.directories = directories;
        this.hypervisor = hypervisor;
    }

    /** Removes what no living server uses. A server whose VMs still run will clear up itself. Blocks for moments. */
    void prune() {
        try {
            Set<String> vms = new TreeSet<>(hypervisor.domainNames());
            vms.addAll(QemuProcess.names("agrt-"));
            for (Path run : PlacedImages.folders(directories.runs())) {
                if (!run.equals(directories.run())) {
                    prune(run, vms);
                }
            }
            new PlacedImages(directories).prune();
            pruneSnapshots(Instant.now().minus(FORGOTTEN));
        } catch (IOException | VmException e) {
            DriverMessage.CLEANUP_FAILED.log(e, "servers that have ended", e.getMessage());
        }
    }

    private static void prune(Path run, Set<String> vms) throws IOException {
        if (vms.stream().anyMatch(vm -> vm.startsWith("agrt-" + run.getFileName() + "-"))) {
            return;
        }
        Optional<KeyLock> ended = KeyLock.tryExclusive(ServerLock.file(run));
        if (ended.isPresent()) {
            try (KeyLock lock = ended.get()) {
                delete(run);
            }
            DriverMessage.PRUNED.log("the run folder " + run);
        }
    }

    /** Only their server could open these, and that has put nothing there, nor brought anything back, {@code since}. */
    private void pruneSnapshots(Instant since) throws IOException {
        for (Path snapshots : PlacedImages.folders(directories.allSnapshots())) {
            Path run = directories.runs().resolve(snapshots.getFileName());
            if (!snapshots.equals(directories.snapshots()) && !(Files.isDirectory(run) && lives(run)) && isOlder(snapshots, since)) {
                delete(snapshots);
                DriverMessage.PRUNED.log("the VMs on the disk in " + snapshots);
            }
        }
    }

    /** Whether nothing was put there or removed since. */
    private static boolean isOlder(Path folder, Instant since) throws IOException {
        return Files.getLastModifiedTime(folder).toInstant().isBefore(since);
    }

    /** Whether a server holds the folder's lock. */
    static boolean lives(Path run) throws IOException {
        Optional<KeyLock> ended = KeyLock.tryExclusive(ServerLock.file(run));
        if (ended.isPresent()) {
            ended.get().close();
        }
        return ended.isEmpty();
    }

    /** Of a folder with files in it, but without folders. */
    static void delete(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        try {
            Files.delete(folder);
        } catch (DirectoryNotEmptyException e) {
            // Its server starts again at this moment.
        }
    }
}
