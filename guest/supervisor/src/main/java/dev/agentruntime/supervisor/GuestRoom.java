package dev.agentruntime.supervisor;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Whether a WAR fits into the guest, whose files lie in its memory. */
final class GuestRoom {
    private static final long MIB = 1024 * 1024;
    /** What Open Liberty needs to start an agent beside the WAR's files: metadata of classes, some heap. */
    private static final long RESERVE_MIB = 64;
    private static final long STEP_MIB = 128;
    private static final long FULL = MIB;
    /** Of a feature the guest's memory holds the file and, as long again or longer, what is made of it when it is loaded. */
    private static final long FEATURE_MEMORY = 3;

    private final Path meminfo;
    private final Path folder;

    /** @param folder where the WAR will lie */
    GuestRoom(Path meminfo, Path folder) {
        this.meminfo = meminfo;
        this.folder = folder;
    }

    /** Before the WAR is there. @throws GuestException it does not fit, with the figures */
    void requireForWar(long warBytes) throws IOException {
        require(warBytes, "the WAR of " + mebibytes(warBytes) + " MiB");
    }

    /** Before features come. @throws GuestException they do not fit, with the figures */
    void requireForFeatures(long bytes) throws IOException {
        Room room = room();
        requireForFeatures(bytes, room.totalMib(), room.availableMib(), room.diskMib());
    }

    /** Before Open Liberty takes the WAR's libraries out of it. @throws GuestException they do not fit, with the figures */
    void requireForLibraries(Path war) throws IOException {
        long bytes = 0;
        try (ZipFile zip = new ZipFile(war.toFile())) {
            bytes = zip.stream().filter(entry -> entry.getName().startsWith("WEB-INF/lib/")).mapToLong(ZipEntry::getSize).sum();
        } catch (ZipException noWar) {
            // Open Liberty says so.
            return;
        }
        require(bytes, "the libraries of the WAR, which Open Liberty takes out of it and which have " + mebibytes(bytes) + " MiB,");
    }

    /** What to say when something failed for want of room; empty when there is some. Failures seldom say so themselves. */
    Optional<String> complaint() {
        File disk = folder.toFile();
        return complaint(disk.getTotalSpace(), disk.getUsableSpace());
    }

    static Optional<String> complaint(long totalBytes, long usableBytes) {
        return totalBytes > 0 && usableBytes < FULL ? Optional.of("The guest's file system of " + mebibytes(totalBytes)
                + " MiB is full; it lies in the guest's memory: raise `memory` of the agent, or make the WAR smaller.") : Optional.empty();
    }

    private void require(long bytes, String what) throws IOException {
        Room room = room();
        require(bytes, what, room.totalMib(), room.availableMib(), room.diskMib());
    }

    /** What the guest has, in MiB. */
    private record Room(long totalMib, long availableMib, long diskMib) {
    }

    private Room room() throws IOException {
        List<String> lines = Files.readAllLines(meminfo);
        File disk = folder.toFile();
        // A RAM file system without a limit of its own says that it has no blocks at all.
        long diskMib = disk.getTotalSpace() == 0 ? Long.MAX_VALUE / 4 : disk.getUsableSpace() / MIB;
        return new Room(GuestMemory.mebibytes(lines, "MemTotal"), GuestMemory.mebibytes(lines, "MemAvailable"), diskMib);
    }

    static void require(long bytes, String what, long totalMib, long availableMib, long diskMib) {
        long needed = mebibytes(bytes);
        long room = Math.min(availableMib - RESERVE_MIB, diskMib);
        if (needed > room) {
            throw new GuestException("The WAR does not fit into the guest, which keeps all files in its memory: " + what + " would need "
                    + needed + " MiB, and there are " + Math.max(0, room) + " MiB left for files. Raise `memory` of the agent to "
                    + enough(needed, needed, totalMib, availableMib, diskMib) + "m or more, or make the WAR smaller.");
        }
    }

    static void requireForFeatures(long bytes, long totalMib, long availableMib, long diskMib) {
        long files = mebibytes(bytes);
        long loaded = FEATURE_MEMORY * files;
        if (loaded > availableMib - RESERVE_MIB || files > diskMib) {
            throw new GuestException("The features of the agent do not fit into the guest, which keeps them in its memory: they would need "
                    + loaded + " MiB, " + files + " of these for files, and there are " + Math.max(0, availableMib - RESERVE_MIB) + " MiB left, "
                    + Math.min(diskMib, Math.max(0, availableMib)) + " for files. Raise `memory` of the agent to "
                    + enough(loaded, files, totalMib, availableMib, diskMib) + "m or more, or have it use fewer features.");
        }
    }

    /** The file system takes half of the memory. */
    private static long enough(long memoryMib, long filesMib, long totalMib, long availableMib, long diskMib) {
        long more = Math.max(memoryMib - (availableMib - RESERVE_MIB), 2 * (filesMib - diskMib));
        return (totalMib + more + STEP_MIB) / STEP_MIB * STEP_MIB;
    }

    private static long mebibytes(long bytes) {
        return (bytes + MIB - 1) / MIB;
    }
}
