package dev.agentruntime.libvirt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files of one VM: those in the run directory, and what libvirt keeps of QEMU's own words and of its AppArmor profile. They end
 * with it.
 *
 * @param directory    the run directory
 * @param name         the VM's
 * @param confinedName the beginning of the names of those that QEMU opens and libvirt does not know
 */
record MachineFiles(Path directory, String name, String confinedName) {

    private static final Path SYSTEM_LOGS = Path.of("/var/log/libvirt/qemu");
    private static final Path PROFILES = Path.of("/etc/apparmor.d/libvirt");
    private static final Path USER_LOGS = Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache")).resolve("libvirt/qemu/log");

    static MachineFiles of(Path directory, String vm) {
        return new MachineFiles(directory, vm, Confinement.fileName(vm));
    }

    /** The channel's socket. */
    Path socket() {
        return directory.resolve(name + ".sock");
    }

    /** The socket of the second channel, whose streams the guest opens. */
    Path wayOut() {
        return directory.resolve(name + ".egress");
    }

    /** QEMU's monitor for us, beside the one that libvirtd has. */
    Path monitor() {
        return directory.resolve(confinedName + ".monitor");
    }

    /** What the guest's console prints. virtlogd keeps it at 2 MiB and three older files. */
    Path log() {
        return directory.resolve(name + ".log");
    }

    /** Where the state is passed into or out of QEMU. */
    Path stateSocket() {
        return directory.resolve(confinedName + ".state");
    }

    /** Its memory, where that lies here. */
    Path ram() {
        return directory.resolve(confinedName + ".ram");
    }

    /**
     * The path by which QEMU opens the memory of a template: where it is confined, a link of its own, which lets it open this
     * template and no other.
     */
    Path linkTo(Path template) {
        if (confinedName.equals(name)) {
            return template;
        }
        try {
            return Files.createLink(ram(), template);
        } catch (IOException | UnsupportedOperationException e) { // a file system without links, or no such template: QEMU will say so
            return template;
        }
    }

    /** Every file of this VM that is there now. */
    List<Path> present() throws IOException {
        List<Path> found = new ArrayList<>();
        for (String begin : Set.of(name, Confinement.profile(name))) {
            try (var entries = Files.newDirectoryStream(directory, begin + ".*")) {
                entries.forEach(found::add);
            }
        }
        Stream.of(SYSTEM_LOGS, USER_LOGS).map(logs -> logs.resolve(name + ".log")).filter(Files::exists).forEach(found::add);
        found.addAll(profiles(PROFILES, name));
        return found;
    }

    /** libvirt unloads the profile of a VM that has ended and leaves its file, so that there would be one of every VM ever started. */
    static List<Path> profiles(Path folder, String vm) {
        return Stream.of("", ".files").map(suffix -> folder.resolve(Confinement.profile(vm) + suffix)).filter(Files::exists).toList();
    }

    /** QEMU's own words of VMs whose names begin so. */
    static List<Path> logs(String prefix) throws IOException {
        return logs(List.of(SYSTEM_LOGS, USER_LOGS), prefix);
    }

    static List<Path> logs(List<Path> folders, String prefix) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path folder : folders) {
            if (Files.isReadable(folder)) {
                try (var entries = Files.newDirectoryStream(folder, prefix + "*.log*")) {
                    entries.forEach(found::add);
                }
            }
        }
        return found;
    }

    void delete() throws IOException {
        for (Path file : present()) {
            Files.deleteIfExists(file);
        }
    }
}
