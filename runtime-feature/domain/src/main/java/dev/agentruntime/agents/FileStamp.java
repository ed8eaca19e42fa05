package dev.agentruntime.agents;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Two stamps of one file or folder differ when its content was changed in between. Taking one reads no content.
 *
 * @param bytes    of all files together
 * @param modified when the file changed that was changed last
 * @param entries  files and folders; 1 for a file
 * @param beside   of the files and folders that belong to it and lie beside it, as far as there are any, always in one order
 */
record FileStamp(long bytes, Instant modified, int entries, List<Optional<FileStamp>> beside) {

    FileStamp(long bytes, Instant modified, int entries) {
        this(bytes, modified, entries, List.of());
    }

    /** Of all together. */
    FileStamp with(List<Optional<FileStamp>> others) {
        return new FileStamp(bytes, modified, entries, List.copyOf(others));
    }

    /** Empty when there is no such file or folder, or the server may not see it. Blocks on the file system. */
    static Optional<FileStamp> of(Path place, Runnable alive) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(place, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                return Optional.of(ofFolder(place.toRealPath(), alive));
            }
            return attributes.isRegularFile()
                    ? Optional.of(new FileStamp(attributes.size(), attributes.lastModifiedTime().toInstant(), 1))
                    : Optional.empty();
        } catch (IOException unseen) {
            return Optional.empty();
        }
    }

    private static FileStamp ofFolder(Path folder, Runnable alive) throws IOException {
        Sum sum = new Sum(alive);
        Files.walkFileTree(folder, sum);
        return new FileStamp(sum.bytes, sum.modified, sum.entries);
    }

    private static final class Sum extends SimpleFileVisitor<Path> {

        private final Runnable alive;
        private long bytes;
        private Instant modified = Instant.MIN;
        private int entries;

        Sum(Runnable alive) {
            this.alive = alive;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return add(0, attributes);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return add(attributes.size(), attributes);
        }

        /** What vanished meanwhile, or cannot be seen, is found when the folder is read. */
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
        }

        private FileVisitResult add(long size, BasicFileAttributes attributes) {
            alive.run();
            Instant changed = attributes.lastModifiedTime().toInstant();
            bytes += size;
            modified = changed.isAfter(modified) ? changed : modified;
            return ++entries > FolderPacker.MOST_ENTRIES ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }
    }
}
