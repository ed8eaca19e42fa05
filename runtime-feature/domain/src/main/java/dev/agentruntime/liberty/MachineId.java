package dev.agentruntime.liberty;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Tells machines apart: systemd's machine id, which each installation and each container has once; else the host's name. */
final class MachineId {

    private static final List<Path> FILES = List.of(Path.of("/etc/machine-id"), Path.of("/var/lib/dbus/machine-id"));

    private MachineId() {}

    static String ofThisMachine() {
        return of(FILES, Path.of("/proc/sys/kernel/hostname"));
    }

    /** The first that says something. */
    static String of(List<Path> files, Path hostName) {
        return files.stream().flatMap(file -> text(file).stream()).findFirst()
                .or(() -> text(hostName).map(name -> "host " + name)).orElse("");
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file).trim()).filter(text -> !text.isEmpty() && !text.equals("uninitialized"));
        } catch (IOException notThere) {
            return Optional.empty();
        }
    }
}
