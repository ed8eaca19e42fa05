package dev.agentruntime.supervisor;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether a WAR fits into the guest, whose files lie in its memory. */
final class GuestRoom {
    private static final long MIB = 1024 * 1024;
    /** What Open Liberty needs to start an agent beside the WAR's files: metadata of classes, some heap. */
    private static final long RESERVE_MIB = 64;
    private static final long STEP_MIB = 128;

    private final Path meminfo;
    private final Path folder;

    /** @param folder where the WAR will lie */
    GuestRoom(Path meminfo, Path folder) {
        this.meminfo = meminfo;
        this.folder = folder;
    }

    /** @throws GuestException the WAR does not fit, with the figures */
    void require(long warBytes) throws IOException {
        List<String> lines = Files.readAllLines(meminfo);
        File disk = folder.toFile();
        // A RAM file system without a limit of its own says that it has no blocks at all.
        long diskMib = disk.getTotalSpace() == 0 ? Long.MAX_VALUE / 4 : disk.getUsableSpace() / MIB;
        require(warBytes, GuestMemory.mebibytes(lines, "MemTotal"), GuestMemory.mebibytes(lines, "MemAvailable"), diskMib);
    }

    static void require(long warBytes, long totalMib, long availableMib, long diskMib) {
        long warMib = (warBytes + MIB - 1) / MIB;
        // The WAR itself, and once more its libraries, which Open Liberty takes out of it.
        long needed = 2 * warMib;
        long room = Math.min(availableMib - RESERVE_MIB, diskMib);
        if (needed > room) {
            // The file system takes half of the memory.
            long more = Math.max(needed - (availableMib - RESERVE_MIB), 2 * (needed - diskMib));
            long enough = (totalMib + more + STEP_MIB) / STEP_MIB * STEP_MIB;
            throw new GuestException("The WAR of " + warMib + " MiB does not fit: the guest keeps it, and the libraries in it a second"
                    + " time, in its memory, which takes " + needed + " MiB, and has " + Math.max(0, room) + " MiB left. Raise `memory` of the"
                    + " agent to about " + enough + "m, or make the WAR smaller.");
        }
    }
}
