package dev.agentruntime.libvirt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The driver's folders.
 *
 * @param state    kept across restarts: templates, images, the KVM probe's answer
 * @param run      sockets and logs of this server's VMs
 * @param serverId part of the names of scratch files
 */
record Directories(Path state, Path run, String serverId) {

    /** The kernel's bound on a UNIX socket's path is 107 bytes. */
    private static final int LONGEST_SOCKET_PATH = 107;

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    /** @throws IllegalArgumentException the state directory's path is too long for sockets in it */
    static Directories of(Path state, String serverId) {
        Path run = state.toAbsolutePath().normalize().resolve("run").resolve(serverId);
        int length = run.toString().getBytes(StandardCharsets.UTF_8).length + 1
                + Confinement.fileName("agrt-" + serverId + "-s0123456789").length() + ".monitor".length();
        if (length > LONGEST_SOCKET_PATH) {
            throw new IllegalArgumentException("stateDirectory " + state + " is " + (length - LONGEST_SOCKET_PATH)
                    + " characters too long for UNIX sockets in it: choose a shorter one, such as /var/lib/agent-runtime");
        }
        return new Directories(state.toAbsolutePath().normalize(), run, serverId);
    }

    Path templates() {
        return state.resolve("templates");
    }

    /** The run folders of all servers. */
    Path runs() {
        return state.resolve("run");
    }

    Path images() {
        return state.resolve("images");
    }

    /** This server's VMs that were put on the disk. */
    Path snapshots() {
        return allSnapshots().resolve(serverId);
    }

    /** Those of all servers, each in a folder of its own. */
    Path allSnapshots() {
        return state.resolve("snapshots");
    }

    /** Where QEMU writes the devices of a VM for a moment: in shared memory where that can be, since they are not encrypted yet. */
    Path devices(String vm) {
        return Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY.resolve(shared(Confinement.fileName(vm))) : files(vm).stateSocket();
    }

    MachineFiles files(String vm) {
        return MachineFiles.of(run, vm);
    }

    /** Where a template's memory is written while it is built: in shared memory when there is room, else on disk. */
    Path scratch(String vm, long bytes) throws IOException {
        boolean room = Files.isWritable(SHARED_MEMORY) && Files.getFileStore(SHARED_MEMORY).getUsableSpace() > bytes + bytes / 2;
        return room ? SHARED_MEMORY.resolve(shared(Confinement.fileName(vm))) : files(vm).ram();
    }

    /** With the server's name in it, by which it is found again. */
    private String shared(String fileName) {
        String prefix = "agrt-" + serverId + "-";
        return (fileName.startsWith(prefix) ? "" : prefix) + fileName + ".ram";
    }

    /** Scratch files in shared memory that an earlier run of this server left behind. */
    List<Path> staleScratch() throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(SHARED_MEMORY)) {
            try (var entries = Files.newDirectoryStream(SHARED_MEMORY, "agrt-" + serverId + "-*.ram")) {
                entries.forEach(found::add);
            }
        }
        return found;
    }

    /** Makes the folders so that QEMU can work in them. */
    void create() throws IOException {
        for (Path directory : new Path[] {state, state.resolve("run"), templates(), images(), run}) {
            Files.createDirectories(directory);
        }
        Files.createDirectories(snapshots());
        Files.setPosixFilePermissions(snapshots(), PosixFilePermissions.fromString("rwx------"));
    }

    /**
     * Opens the folders to QEMU's user, where that is another one.
     *
     * @throws IOException a folder above lets nobody through; the message names it
     */
    void openTo(Optional<QemuUser> user) throws IOException {
        if (user.isEmpty()) {
            return;
        }
        for (Path directory : new Path[] {state, state.resolve("run"), templates(), images()}) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        }
        // Not for the group: on some systems people are in it, and who reaches a VM's sockets has the VM.
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwx------"));
        user.get().own(run);
        for (Path above = state.getParent(); above != null; above = above.getParent()) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(above);
            if (!permissions.contains(PosixFilePermission.OTHERS_EXECUTE)) {
                throw new IOException("QEMU's user (uid " + user.get().uid() + ") cannot pass through " + above
                        + " to the state directory " + state + ": run chmod o+x " + above + ", or set stateDirectory elsewhere");
            }
        }
    }
}
