package dev.agentruntime.libvirt;

import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What memory the host has left. A clone begins with nearly none of its own and may come to use all it was promised, so what
 * is promised has to be there: otherwise the kernel ends somebody's VM, or the server, when it is used. Thread-safe.
 */
final class HostMemory {

    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable: +(\\d+) kB");
    private static final long MEBIBYTE = 1024 * 1024;

    private final Path meminfo;

    HostMemory() {
        this(Path.of("/proc/meminfo"));
    }

    /** @param meminfo a file of the form of the kernel's */
    HostMemory(Path meminfo) {
        this.meminfo = meminfo;
    }

    /** @throws NotTriedException there is no room for {@code vms} VMs of {@code bytes} each */
    void requireRoom(int vms, long bytes) {
        long available = available();
        if (available < vms * bytes) {
            throw new NotTriedException("The host has " + available / MEBIBYTE + " MiB of memory available, and "
                    + (vms == 1 ? "a VM" : vms + " VMs") + " of " + bytes / MEBIBYTE + " MiB would not find room. End sessions, give the host more"
                    + " memory, or the agent less (attribute memory)");
        }
    }

    private long available() {
        List<String> lines;
        try {
            lines = Files.readAllLines(meminfo);
        } catch (IOException e) {
            throw new VmException("The host's memory could not be read from " + meminfo + ": " + e.getMessage(), e);
        }
        return lines.stream().map(AVAILABLE::matcher).filter(Matcher::matches).findAny()
                .map(line -> Long.parseLong(line.group(1)) * 1024)
                .orElseThrow(() -> new VmException(meminfo + " has no line MemAvailable"));
    }
}
