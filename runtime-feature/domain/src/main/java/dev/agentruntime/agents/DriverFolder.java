package dev.agentruntime.agents;

import dev.agentruntime.agents.ArtifactException.Cure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The folder with drivers of databases that may lie beside an agent's WAR. Only the JARs in it count. */
final class DriverFolder {

    static final int MOST_JARS = 50;

    private final Path folder;
    private final List<Path> jars;

    private DriverFolder(Path folder, List<Path> jars) {
        this.folder = folder;
        this.jars = List.copyOf(jars);
    }

    /**
     * Looks into it. One that is not there has nothing in it.
     *
     * @throws ArtifactException it cannot be used
     * @throws IOException       it cannot be read now
     */
    static DriverFolder read(Path folder) throws IOException {
        List<Path> jars = new ArrayList<>();
        if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return new DriverFolder(folder, jars);
        }
        // What a link points to lies outside of what its owner put in place, and may be the host's.
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new ArtifactException(folder + " is no folder. Make it a folder and put the drivers' JARs there.", Cure.CHANGE);
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(entry -> take(entry, jars));
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        if (jars.size() > MOST_JARS) {
            throw new ArtifactException("The folder " + folder + " has more than " + MOST_JARS + " JARs. Leave those of drivers in it.", Cure.CHANGE);
        }
        jars.sort(null);
        return new DriverFolder(folder, jars);
    }

    private static void take(Path entry, List<Path> jars) {
        if (entry.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".jar")) {
            if (!Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
                throw new ArtifactException("The driver " + entry + " is a symbolic link or a special file. Put the file itself there.", Cure.CHANGE);
            }
            jars.add(entry);
        }
    }

    boolean isEmpty() {
        return jars.isEmpty();
    }

    /** Packs its JARs. The same files give the same bytes. */
    void pack(OutputStream out, Runnable alive) throws IOException {
        try (ZipOfFiles zip = new ZipOfFiles(out)) {
            for (Path jar : jars) {
                alive.run();
                zip.add(folder.relativize(jar).toString(), jar);
            }
        }
    }
}
