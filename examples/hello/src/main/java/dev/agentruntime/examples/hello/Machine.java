package dev.agentruntime.examples.hello;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** The machine the agent runs in, asked anew each time. */
final class Machine {

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private Machine() {
    }

    static String hostName() {
        try {
            // InetAddress remembers its answer, and a clone would give its template's name
            return Files.isReadable(HOST_NAME)
                    ? Files.readString(HOST_NAME).strip()
                    : InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            throw new UncheckedIOException("The host name cannot be read", e);
        }
    }

    static String bootId() {
        try {
            return Files.isReadable(BOOT_ID) ? Files.readString(BOOT_ID).strip() : "unknown";
        } catch (IOException e) {
            throw new UncheckedIOException("The boot id cannot be read", e);
        }
    }
}
