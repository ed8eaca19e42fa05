package dev.agentruntime.agents;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;

/**
 * Packs an unpacked WAR. The same files give the same bytes. Symbolic links are refused: what they point to lies outside of
 * what its owner put in place, and may be the host's.
 */
final class FolderPacker {

    static final int MOST_ENTRIES = 50_000;

    private FolderPacker() {}

    /** @throws ArtifactException the folder is no WAR */
    static void pack(Path folder, OutputStream out, Runnable alive) throws IOException {
        if (!Files.isDirectory(folder.resolve("WEB-INF"))) {
            throw new ArtifactException("The folder " + folder + " is no unpacked WAR: it has no WEB-INF.",
                    ArtifactException.Cure.CHANGE);
        }
        Map<String, Path> files = files(folder);
        try (ZipOfFiles zip = new ZipOfFiles(out)) {
            for (Map.Entry<String, Path> file : files.entrySet()) {
                alive.run();
                zip.add(file.getKey(), file.getValue());
            }
        }
    }

    private static Map<String, Path> files(Path folder) throws IOException {
        Map<String, Path> files = new TreeMap<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path sub, BasicFileAttributes attributes) {
                return sub.equals(folder) ? FileVisitResult.CONTINUE : add(sub, "/");
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (!attributes.isRegularFile()) {
                    throw new ArtifactException("The folder " + folder + " cannot be packed into a WAR: " + file
                            + " is a symbolic link or a special file. Put the file itself there.", ArtifactException.Cure.CHANGE);
                }
                return add(file, "");
            }

            private FileVisitResult add(Path path, String end) {
                files.put(folder.relativize(path).toString().replace('\\', '/') + end, path);
                if (files.size() > MOST_ENTRIES) {
                    throw new ArtifactException("The folder " + folder + " cannot be packed into a WAR: it has more than "
                            + MOST_ENTRIES + " files. Put a WAR file in its place.", ArtifactException.Cure.CHANGE);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }
}
