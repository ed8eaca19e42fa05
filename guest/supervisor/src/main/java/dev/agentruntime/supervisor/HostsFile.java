package dev.agentruntime.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The guest's /etc/hosts: its own name, and those that lead out. There is no other resolver in the guest. */
final class HostsFile {
    private static final int MOST = 254;

    private final Path file;
    private String hostName = "agent";
    private List<Outbound> outbounds = List.of();

    HostsFile(Path file) {
        this.file = file;
    }

    /** The loopback address of the outbound at this place in the list: each has its own, so that ports never clash. */
    static String address(int index) {
        return "127.0." + (1 + index / MOST) + "." + (1 + index % MOST);
    }

    /** @throws GuestException the file cannot be written */
    synchronized void name(String name) {
        hostName = name;
        write();
    }

    /** @throws GuestException the file cannot be written */
    synchronized void leadOut(List<Outbound> names) {
        if (!names.equals(outbounds)) {
            outbounds = List.copyOf(names);
            write();
        }
    }

    private void write() {
        StringBuilder text = new StringBuilder("127.0.0.1 localhost ").append(hostName).append('\n');
        for (int i = 0; i < outbounds.size(); i++) {
            text.append(address(i)).append(' ').append(outbounds.get(i).host()).append('\n');
        }
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new GuestException("The guest's " + file + " could not be written: " + e.getMessage(), e);
        }
    }
}
