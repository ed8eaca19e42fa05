package dev.agentruntime.libvirt;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The pages of a file that a process has mapped for itself alone, by Linux's /proc: {@code maps} tells where, {@code pagemap} which were
 * copied on write, {@code mem} what is in them (https://docs.kernel.org/admin-guide/mm/pagemap.html). Needs the rights of a debugger over
 * the process, which root has, and an ordinary user over processes of its own unless Yama forbids it.
 */
final class ProcessMemory implements GuestMemory {

    /** Present, or in the swap. */
    private static final long THERE = 3L << 62;
    /** Still the file's. */
    private static final long OF_FILE = 1L << 61;
    private static final int ENTRIES_AT_ONCE = 64 * 1024;

    /** A piece of the process's address space where the file lies. */
    record Area(long begin, long end, long offset) {}

    private final List<Area> areas;
    private final FileChannel map;
    private final FileChannel memory;
    private final FileChannel template;

    private ProcessMemory(List<Area> areas, FileChannel map, FileChannel memory, FileChannel template) {
        this.areas = areas;
        this.map = map;
        this.memory = memory;
        this.template = template;
    }

    /** @throws IOException the process is gone, does not map the file, or may not be looked into */
    static ProcessMemory open(QemuProcess process, Path template) throws IOException {
        Path proc = Path.of("/proc", Long.toString(process.pid()));
        List<Area> areas = areas(Files.readAllLines(proc.resolve("maps")), Files.getAttribute(template, "unix:ino").toString());
        if (areas.isEmpty()) {
            throw new IOException("process " + process.pid() + " does not map " + template);
        }
        FileChannel map = FileChannel.open(proc.resolve("pagemap"));
        try {
            FileChannel memory = FileChannel.open(proc.resolve("mem"), StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                return new ProcessMemory(areas, map, memory, FileChannel.open(template));
            } catch (IOException | RuntimeException | Error e) {
                memory.close();
                throw e;
            }
        } catch (IOException | RuntimeException | Error e) {
            map.close();
            throw e;
        }
    }

    /**
     * By the file's number, since QEMU may have opened it by a link of its own. Another file system may have a file of the same number, such
     * as a library of QEMU's, and the device that {@code maps} tells is not always that of the file: a guest's memory is the larger of the two.
     */
    static List<Area> areas(List<String> maps, String inode) {
        Map<String, List<Area>> ofDevices = new LinkedHashMap<>();
        for (String line : maps) {
            String[] fields = line.split(" +", 6);
            if (fields.length == 6 && fields[4].equals(inode)) {
                String[] range = fields[0].split("-");
                ofDevices.computeIfAbsent(fields[3], device -> new ArrayList<>())
                        .add(new Area(Long.parseUnsignedLong(range[0], 16), Long.parseUnsignedLong(range[1], 16), Long.parseLong(fields[2], 16)));
            }
        }
        return ofDevices.values().stream().max(Comparator.comparingLong(ProcessMemory::length)).orElse(List.of());
    }

    private static long length(List<Area> areas) {
        return areas.stream().mapToLong(area -> area.end() - area.begin()).sum();
    }

    @Override
    public void changed(Sink sink) throws IOException {
        ByteBuffer entries = ByteBuffer.allocate(ENTRIES_AT_ONCE * Long.BYTES).order(ByteOrder.nativeOrder());
        Comparison comparison = new Comparison(sink);
        for (Area area : areas) {
            long pages = (area.end() - area.begin()) / PAGE;
            for (long first = 0; first < pages; first += ENTRIES_AT_ONCE) {
                entries.clear().limit((int) Math.min(ENTRIES_AT_ONCE, pages - first) * Long.BYTES);
                readFully(map, entries, (area.begin() / PAGE + first) * Long.BYTES);
                copied(entries.flip(), area, first, comparison);
            }
        }
    }

    /** Passes on runs of pages that were copied. */
    private static void copied(ByteBuffer entries, Area area, long firstPage, Comparison comparison) throws IOException {
        int count = entries.limit() / Long.BYTES;
        int i = 0;
        while (i < count) {
            int begin = i;
            while (i < count && i - begin < MOST_AT_ONCE / PAGE && isCopied(entries.getLong(i * Long.BYTES))) {
                i++;
            }
            if (i == begin) {
                i++;
            } else {
                long within = (firstPage + begin) * PAGE;
                comparison.compare(area.begin() + within, area.offset() + within, (i - begin) * PAGE);
            }
        }
    }

    private static boolean isCopied(long entry) {
        return (entry & THERE) != 0 && (entry & OF_FILE) == 0;
    }

    /** Leaves out the pages that equal the template's again. */
    private final class Comparison {

        private final Sink sink;
        private final ByteBuffer own = ByteBuffer.allocate(MOST_AT_ONCE);
        private final ByteBuffer original = ByteBuffer.allocate(MOST_AT_ONCE);

        Comparison(Sink sink) {
            this.sink = sink;
        }

        void compare(long address, long offset, int length) throws IOException {
            readFully(memory, own.clear().limit(length), address);
            readFully(template, original.clear().limit(length), offset);
            int begin = 0;
            for (int page = 0; page <= length; page += PAGE) {
                if (page == length || isSame(page)) {
                    if (page > begin) {
                        sink.pages(offset + begin, own.duplicate().position(begin).limit(page));
                    }
                    begin = page + PAGE;
                }
            }
        }

        private boolean isSame(int page) {
            return own.duplicate().limit(page + PAGE).position(page).mismatch(original.duplicate().limit(page + PAGE).position(page)) < 0;
        }
    }

    private static void readFully(FileChannel from, ByteBuffer to, long position) throws IOException {
        while (to.hasRemaining()) {
            int count = from.read(to, position);
            if (count <= 0) {
                throw new EOFException("the process has ended, or its memory cannot be read");
            }
            position += count;
        }
    }

    @Override
    public void write(long offset, ByteBuffer pages) throws IOException {
        while (pages.hasRemaining()) {
            Area area = areaOf(offset);
            ByteBuffer part = pages.duplicate();
            part.limit(part.position() + (int) Math.min(part.remaining(), area.end() - area.begin() - (offset - area.offset())));
            int count = memory.write(part, area.begin() + offset - area.offset());
            if (count <= 0) {
                throw new EOFException("the process has ended, or its memory cannot be written");
            }
            pages.position(pages.position() + count);
            offset += count;
        }
    }

    private Area areaOf(long offset) throws IOException {
        for (Area area : areas) {
            if (offset >= area.offset() && offset < area.offset() + area.end() - area.begin()) {
                return area;
            }
        }
        throw new IOException("nothing is mapped at " + offset);
    }

    @Override
    public void close() throws IOException {
        try (map; memory; template) {
            // Closes all three.
        }
    }
}
