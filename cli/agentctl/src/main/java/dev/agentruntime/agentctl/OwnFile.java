package dev.agentruntime.agentctl;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.Supplier;

/** Writes files that only their owner may read, in a folder that only their owner may open. */
final class OwnFile {

    static final Set<PosixFilePermission> PERMISSIONS = PosixFilePermissions.fromString("rw-------");

    /** A lock of a file is the process's, and its threads are told apart by this. */
    private static final Object THREADS = new Object();

    private OwnFile() {}

    /** There whole or not at all, and at no moment for others to read. */
    static void write(Path file, String text) throws IOException {
        Path whole = Files.isSymbolicLink(file) ? file.toRealPath() : file;
        folder(whole);
        Path part = Files.createTempFile(whole.getParent(), ".agentctl", ".part", attributes(whole, PERMISSIONS));
        try {
            Files.writeString(part, text);
            Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Waits until nobody else does something alone with this file. Not to be nested. */
    static <T> T alone(Path file, Supplier<T> change) throws IOException {
        folder(file);
        synchronized (THREADS) {
            try (FileChannel channel = FileChannel.open(file.resolveSibling(file.getFileName() + ".lock"),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), attributes(file, PERMISSIONS))) {
                lock(channel);
                return change.get();
            }
        }
    }

    /** Until the channel is closed. */
    private static void lock(FileChannel channel) {
        try {
            channel.lock();
        } catch (IOException e) {
            // A file system without locks: whoever has one runs one agentctl at a time.
        }
    }

    private static void folder(Path file) throws IOException {
        Files.createDirectories(file.getParent(), attributes(file, PosixFilePermissions.fromString("rwx------")));
    }

    private static FileAttribute<?>[] attributes(Path file, Set<PosixFilePermission> permissions) {
        return isPosix(file) ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)} : new FileAttribute<?>[0];
    }

    static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
