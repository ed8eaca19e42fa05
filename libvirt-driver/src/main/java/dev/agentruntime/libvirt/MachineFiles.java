package dev.agentruntime.libvirt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The files of one VM: those in the run directory, and what libvirt keeps of QEMU's own words. They end with it. */
record MachineFiles(Path directory, String name) {

    private static final Path SYSTEM_LOGS = Path.of("/var/log/libvirt/qemu");
    private static final Path USER_LOGS = Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache")).resolve("libvirt/qemu/log");

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
        return directory.resolve(name + ".monitor");
    }

    /** What the guest's console prints. virtlogd keeps it at 2 MiB and three older files. */
    Path log() {
        return directory.resolve(name + ".log");
    }

    /** Where the state is passed into or out of QEMU. */
    Path stateSocket() {
        return directory.resolve(name + ".state");
    }

    /** Every file of this VM that is there now. */
    List<Path> present() throws IOException {
        List<Path> found = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(directory, name + ".*")) {
            entries.forEach(found::add);
        }
        Stream.of(SYSTEM_LOGS, USER_LOGS).map(logs -> logs.resolve(name + ".log")).filter(Files::exists).forEach(found::add);
        return found;
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
