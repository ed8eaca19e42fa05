package dev.agentruntime.libvirt;

import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The copies of guest images in the state directory, which all servers of the host share. Each server writes down in its run
 * folder which one it uses; one that no living server uses goes. Thread-safe; the methods block for moments.
 */
record PlacedImages(Directories directories) {

    private static final String USED = "image";

    /** The image where QEMU's user can read it; it stays there as long as this server lives. */
    GuestImage place(GuestImage image) {
        try (KeyLock alone = alone()) {
            Files.writeString(directories.run().resolve(USED), image.folderName());
            return image.placedIn(directories.images());
        } catch (IOException e) {
            throw new VmException("The guest image could not be placed in " + directories.images() + ": " + e.getMessage()
                    + ". Is the state directory writable?", e);
        }
    }

    /** Removes those that no living server uses; all stay while a living one has not said which it uses. */
    void prune() throws IOException {
        try (KeyLock alone = alone()) {
            Optional<Set<String>> used = used();
            if (used.isEmpty()) {
                return;
            }
            for (Path image : folders(directories.images())) {
                if (!used.get().contains(image.getFileName().toString())) {
                    EndedServers.delete(image);
                    DriverMessage.PRUNED.log("the guest image " + image);
                }
            }
        }
    }

    private Optional<Set<String>> used() throws IOException {
        Set<String> used = new TreeSet<>();
        for (Path run : folders(directories.runs())) {
            if (EndedServers.lives(run)) {
                Path file = run.resolve(USED);
                if (!Files.isRegularFile(file)) {
                    return Optional.empty();
                }
                used.add(Files.readString(file));
            }
        }
        return Optional.of(used);
    }

    static List<Path> folders(Path parent) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, Files::isDirectory)) {
            entries.forEach(found::add);
        }
        return found;
    }

    private KeyLock alone() throws IOException {
        return KeyLock.exclusive(directories.images().resolve(".lock"));
    }
}
