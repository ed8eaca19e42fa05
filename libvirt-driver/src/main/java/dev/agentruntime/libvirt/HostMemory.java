package dev.agentruntime.libvirt;

import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What memory there is for VMs: the host's, or what a container's control group leaves of it. A clone begins with nearly none
 * of its own and may come to use all it was promised. How much more is promised than there is, is bounded; without a bound
 * the kernel ends somebody's VM, or the server, when the promises are used. Thread-safe.
 */
final class HostMemory {

    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable: +(\\d+) kB");
    private static final long MEBIBYTE = 1024 * 1024;

    private final Path meminfo;
    private final MemoryLimit limit;
    private final int overcommit;

    /** @param overcommit how many times over the memory may be promised, at least 1 */
    static HostMemory ofThisHost(int overcommit) {
        return new HostMemory(Path.of("/proc/meminfo"), MemoryLimit.ofThisHost(), overcommit);
    }

    /**
     * @param meminfo    a file of the form of the kernel's
     * @param limit      of the container
     * @param overcommit how many times over the memory may be promised, at least 1
     */
    HostMemory(Path meminfo, MemoryLimit limit, int overcommit) {
        this.meminfo = meminfo;
        this.limit = limit;
        this.overcommit = overcommit;
    }

    /**
     * What VMs were promised.
     *
     * @param allBytes      the memory of every VM there is
     * @param heldBytes     what they hold of it
     * @param startingBytes the memory of those that are being started, which hold next to nothing yet
     */
    record Promised(long allBytes, long heldBytes, long startingBytes) {

        static final Promised NOTHING = new Promised(0, 0, 0);
    }

    /** @throws NoRoomException there is no room for {@code vms} VMs of {@code bytes} each besides what was promised */
    void requireRoom(int vms, long bytes, Promised promised) {
        long available = Math.min(available(), limit.roomBytes());
        long needed = vms * bytes;
        // Those that are being started will take their usual part within seconds, and each sees the same figure until then.
        long now = available - promised.startingBytes() / overcommit;
        if (now < needed) {
            throw noRoom(vms, bytes, needed - now, "The host has " + Math.max(0, now) / MEBIBYTE + " MiB of memory available");
        }
        long room = (available + promised.heldBytes()) * overcommit - promised.allBytes();
        if (room < needed) {
            throw noRoom(vms, bytes, Math.max(1, (needed - room) / overcommit), "The host's memory is promised "
                    + overcommit + " times over to VMs (" + promised.allBytes() / MEBIBYTE + " MiB), which is the most that is allowed (attribute memoryOvercommit)");
        }
    }

    private static NoRoomException noRoom(int vms, long bytes, long missing, String why) {
        return new NoRoomException(why + ", and " + (vms == 1 ? "a VM" : vms + " VMs") + " of " + bytes / MEBIBYTE
                + " MiB with its emulator would not find room. End sessions, give the host more memory, or the agent less (attribute memory)", missing);
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
