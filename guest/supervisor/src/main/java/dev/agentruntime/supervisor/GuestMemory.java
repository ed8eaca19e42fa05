package dev.agentruntime.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How much memory the guest can give to Open Liberty's heap. */
final class GuestMemory {
    /** Class metadata, code, stacks and native buffers of Open Liberty with an agent. */
    private static final long BESIDE_THE_HEAP_MIB = 190;
    private static final long SMALLEST_HEAP_MIB = 64;

    private GuestMemory() {
    }

    /** The heap limit in MiB: what is available now, less what a Liberty process needs beside its heap. */
    static long heapMebibytes(Path meminfo) throws IOException {
        return heapMebibytes(Files.readAllLines(meminfo));
    }

    static long heapMebibytes(List<String> meminfo) {
        return Math.max(SMALLEST_HEAP_MIB, mebibytes(meminfo, "MemAvailable") - BESIDE_THE_HEAP_MIB);
    }

    /** One line of /proc/meminfo, in MiB. */
    static long mebibytes(List<String> meminfo, String name) {
        return meminfo.stream()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow(() -> new GuestException("/proc/meminfo has no line " + name + ", so the guest's memory cannot be shared out."));
    }
}
