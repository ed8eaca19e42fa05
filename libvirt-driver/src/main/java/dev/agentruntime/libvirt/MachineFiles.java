package dev.agentruntime.libvirt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files of one VM in the run directory. They end with it. */
record MachineFiles(Path directory, String name) {

    /** The channel's socket. */
    Path socket() {
        return directory.resolve(name + ".sock");
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
        return found;
    }

    void delete() throws IOException {
        for (Path file : present()) {
            Files.deleteIfExists(file);
        }
    }
}
