package dev.agentruntime.logs;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Folders that nobody but the server's user may read: what agents log is their callers' matter. */
final class OwnFolder {

    private static final Pattern PART = Pattern.compile("(\\d{1,9})\\.log");

    private OwnFolder() {}

    static void make(Path folder) throws IOException {
        Files.createDirectories(folder, attributes());
    }

    private static FileAttribute<?>[] attributes() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))}
                : new FileAttribute<?>[0];
    }

    /** Writes at the end of a file, which is made, with its folder, where it is not there. */
    static void append(Path folder, String name, byte[] bytes) throws IOException {
        try {
            Files.write(folder.resolve(name), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (NoSuchFileException noFolder) {
            make(folder);
            Files.write(folder.resolve(name), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    /** Leaves {@code bytes} of a file, and no file where that is 0. */
    static void cut(Path folder, String name, long bytes) throws IOException {
        if (bytes == 0) {
            Files.deleteIfExists(folder.resolve(name));
            return;
        }
        try (FileChannel file = FileChannel.open(folder.resolve(name), StandardOpenOption.WRITE)) {
            file.truncate(bytes);
        }
    }

    /** The name of the file that holds a part of a log. */
    static String name(int part) {
        return part + ".log";
    }

    /** The parts of a log in their order. */
    static SortedMap<Integer, Path> parts(Path folder) throws IOException {
        SortedMap<Integer, Path> parts = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Matcher name = PART.matcher(file.getFileName().toString());
                if (name.matches()) {
                    parts.put(Integer.parseInt(name.group(1)), file);
                }
            }
        }
        return parts;
    }

    /**
     * Deletes a log's folder, the log and the file {@code beside} it. Nothing happens where there is none.
     *
     * @throws IOException among other reasons: something else is in it, which is left
     */
    static void delete(Path folder, String beside) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        for (Path part : parts(folder).values()) {
            Files.deleteIfExists(part);
        }
        Files.deleteIfExists(folder.resolve(beside));
        Files.deleteIfExists(folder);
    }
}
