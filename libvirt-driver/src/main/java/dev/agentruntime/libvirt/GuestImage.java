package dev.agentruntime.libvirt;

import dev.agentruntime.spi.VmException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Properties;

/**
 * A guest image.
 *
 * @param key    digest of all that went into it
 * @param kernel its kernel
 * @param initrd its initial RAM disk
 * @param rehearsal the WAR with which its base template is warmed; beside it lies what an agent may have more than the image
 */
record GuestImage(String key, Path kernel, Path initrd, Path rehearsal) {

    private static final String FEATURE_INDEX = "features.index";
    private static final String FEATURE_PACK = "features.zip";
    private static final List<String> FILES = List.of("vmlinuz", "initrd", "rehearsal.war", FEATURE_INDEX, FEATURE_PACK, "image.properties");

    /** Says which features of Open Liberty there are besides, and which files of the pack each needs. */
    Path featureIndex() {
        return rehearsal.resolveSibling(FEATURE_INDEX);
    }

    /** Holds those files, not compressed. */
    Path featurePack() {
        return rehearsal.resolveSibling(FEATURE_PACK);
    }

    /** Whether all its files are there. */
    static boolean present(Path directory) {
        return FILES.stream().map(directory::resolve).allMatch(Files::isRegularFile);
    }

    static GuestImage read(Path directory) {
        for (String file : FILES) {
            if (!Files.isRegularFile(directory.resolve(file))) {
                throw new VmException("The guest image lacks " + directory.resolve(file)
                        + ". Build it (module guest/image) or set the attribute image to where it is");
            }
        }
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(directory.resolve("image.properties"))) {
            properties.load(in);
        } catch (IOException e) {
            throw new VmException("The guest image's " + directory.resolve("image.properties") + " could not be read: " + e.getMessage(), e);
        }
        String key = properties.getProperty("key", "");
        if (!key.matches("[0-9a-f]{8,128}") || !properties.getProperty("format", "").equals("4")) {
            throw new VmException("The guest image in " + directory + " is of another version: its image.properties needs format=4 and a"
                    + " hexadecimal key. Build the image that belongs to this release");
        }
        return new GuestImage(key, directory.resolve("vmlinuz"), directory.resolve("initrd"), directory.resolve("rehearsal.war"));
    }

    /** Of its copy. */
    String folderName() {
        return key.substring(0, Math.min(32, key.length()));
    }

    /**
     * The same image where QEMU's user can read it. The server's own folders may be closed to it, and must be able to
     * change under running VMs.
     */
    GuestImage placedIn(Path images) {
        Path place = images.resolve(folderName());
        try {
            if (!Files.isDirectory(place)) {
                Path draft = Files.createTempDirectory(images, ".draft");
                try {
                    fill(draft);
                    moveUnlessThere(draft, place);
                } finally {
                    TemplateFiles.remove(draft);
                }
            }
            return new GuestImage(key, place.resolve("vmlinuz"), place.resolve("initrd"), rehearsal);
        } catch (IOException e) {
            throw new VmException("The guest image could not be copied to " + place + ": " + e.getMessage()
                    + ". Is there room in the state directory?", e);
        }
    }

    private void fill(Path draft) throws IOException {
        for (Path file : List.of(kernel, initrd)) {
            Path copy = Files.copy(file, draft.resolve(file.getFileName()));
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
        }
        Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void moveUnlessThere(Path draft, Path place) throws IOException {
        try {
            Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(place)) {
                throw e;
            }
        }
    }
}
