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
        long available = meminfo.stream()
                .filter(line -> line.startsWith("MemAvailable:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow(() -> new GuestException("/proc/meminfo has no line MemAvailable, so the heap cannot be sized."));
        return Math.max(SMALLEST_HEAP_MIB, available - BESIDE_THE_HEAP_MIB);
    }
}
