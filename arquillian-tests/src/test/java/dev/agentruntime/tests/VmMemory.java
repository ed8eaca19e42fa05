package dev.agentruntime.tests;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** All that the process of a VM holds in its memory, its guest's with it, and the files that a template gives to it. As root. */
final class VmMemory {

    private static final Path TEMPLATES = Path.of("/var/lib/agent-runtime/templates");
    private static final Pattern AREA = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) (r...) [0-9a-f]+ \\S+ \\d+\\s*(.*)");
    private static final int BLOCK_BYTES = 4 << 20;
    private static final long SMALLEST_TEMPLATE_BYTES = 64L << 20;

    private final long pid;

    private VmMemory(long pid) {
        this.pid = pid;
    }

    static VmMemory of(String vm) {
        return ofProcess(Host.pidOf(vm));
    }

    static VmMemory ofProcess(long pid) {
        return new VmMemory(pid);
    }

    private record Area(long from, long to, boolean writable, String name) {}

    /** Where {@code text} stands, as bytes or as two bytes a character: areas of the process and names of files. */
    List<String> placesOf(String text) throws IOException {
        List<Area> areas = areas();
        List<String> places = new ArrayList<>();
        try (RandomAccessFile memory = new RandomAccessFile("/proc/" + pid + "/mem", "r")) {
            for (Area area : areas) {
                if (holdsIfStillThere(memory, area, text)) {
                    places.add("%x-%x %s".formatted(area.from(), area.to(), area.name()));
                }
            }
        }
        for (String file : templateFiles(areas)) {
            if (holds(Path.of(file), text)) {
                places.add(file);
            }
        }
        return places;
    }

    /** The files below {@code folder}, at any depth, that hold {@code text} as bytes or as two bytes a character. */
    static List<Path> filesWith(Path folder, String text) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (holds(file, text)) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    /** The files that the guest's memory is a private mapping of. */
    List<String> templateFiles() throws IOException {
        return templateFiles(areas());
    }

    /** The folders of the templates that the guest's memory is a mapping of, by whatever name the VM calls their files. */
    List<Path> templates() throws IOException {
        List<Path> own = templateFiles().stream().map(Path::of).toList();
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(TEMPLATES, Files::isDirectory)) {
            for (Path folder : all) {
                Path ram = folder.resolve("ram");
                for (Path file : own) {
                    if (Files.exists(ram) && Files.isSameFile(ram, file)) {
                        folders.add(folder);
                    }
                }
            }
        }
        return folders;
    }

    private static List<String> templateFiles(List<Area> areas) {
        return areas.stream().filter(area -> area.writable() && area.to() - area.from() >= SMALLEST_TEMPLATE_BYTES && area.name().startsWith("/"))
                .map(Area::name).distinct().filter(file -> Files.isReadable(Path.of(file))).toList();
    }

    private List<Area> areas() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/maps"))) {
            return lines.map(AREA::matcher).filter(Matcher::matches)
                    .map(area -> new Area(Long.parseUnsignedLong(area.group(1), 16), Long.parseUnsignedLong(area.group(2), 16),
                            area.group(3).charAt(1) == 'w', area.group(4)))
                    // Pages of the kernel and of devices cannot be read from outside.
                    .filter(area -> !area.name().startsWith("[v") && !area.name().startsWith("anon_inode:"))
                    .toList();
        }
    }

    private boolean holdsIfStillThere(RandomAccessFile memory, Area area, String text) throws IOException {
        try {
            return holds(memory, area, text);
        } catch (IOException e) {
            if (areas().contains(area)) {
                throw new IOException("%x-%x %s of process %d cannot be read".formatted(area.from(), area.to(), area.name(), pid), e);
            }
            return false; // the process has given it back meanwhile
        }
    }

    private static boolean holds(Path file, String text) throws IOException {
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "r")) {
            return holds(content, new Area(0, content.length(), false, file.toString()), text);
        }
    }

    private static boolean holds(RandomAccessFile content, Area area, String text) throws IOException {
        for (Charset charset : List.of(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16LE)) {
            if (holds(content, area, text.getBytes(charset))) {
                return true;
            }
        }
        return false;
    }

    private static boolean holds(RandomAccessFile content, Area area, byte[] text) throws IOException {
        byte[] block = new byte[BLOCK_BYTES + text.length];
        // Blocks overlap by the text's length, so that no text is cut in two.
        for (long at = area.from(); at < area.to(); at += BLOCK_BYTES) {
            int length = (int) Math.min(block.length, area.to() - at);
            content.seek(at);
            content.readFully(block, 0, length);
            if (indexOf(block, length, text) >= 0) {
                return true;
            }
        }
        return false;
    }

    static int indexOf(byte[] block, int length, byte[] text) {
        for (int i = 0; i <= length - text.length; i++) {
            int same = 0;
            while (same < text.length && block[i + same] == text[same]) {
                same++;
            }
            if (same == text.length) {
                return i;
            }
        }
        return -1;
    }
}
