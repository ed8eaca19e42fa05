package dev.agentruntime.supervisor;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the device of a virtio-serial port by the name that the host gave it. */
final class VirtioPort {
    private VirtioPort() {
    }

    /** @throws GuestException there is no such port; the message names those that there are */
    static Path find(Path ports, String name) throws IOException {
        StringBuilder seen = new StringBuilder();
        if (Files.isDirectory(ports)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(ports)) {
                for (Path port : entries) {
                    Path file = port.resolve("name");
                    String found = Files.exists(file) ? Files.readString(file).strip() : "";
                    if (found.equals(name)) {
                        return Path.of("/dev").resolve(port.getFileName());
                    }
                    seen.append(' ').append(port.getFileName()).append('=').append(found);
                }
            }
        }
        throw new GuestException("The virtual machine has no virtio-serial port named '" + name
                + "', so nobody can talk to it. Ports found in " + ports + ":" + (seen.isEmpty() ? " none" : seen));
    }
}
