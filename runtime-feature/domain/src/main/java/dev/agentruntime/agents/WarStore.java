package dev.agentruntime.agents;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.ZipFile;

/** Copies of WARs that nobody changes while they are used. Thread-safe; blocks on files. */
final class WarStore {

    /** @param digest SHA-256 in lower-case hexadecimal */
    record Stored(Path war, String digest) {}

    private static final Logger LOG = Logger.getLogger(WarStore.class.getName());

    private final Path folder;
    private final AtomicLong counter = new AtomicLong();

    /** @param folder used by this server alone */
    WarStore(Path folder) {
        this.folder = folder;
    }

    /** Removes what an earlier run left. */
    void empty() {
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.war")) {
                files.forEach(this::drop);
            } catch (IOException | DirectoryIteratorException e) {
                LOG.log(Level.FINE, e, () -> "Old copies in " + folder + " stay.");
            }
        }
    }

    Stored take(String name, Path war) {
        Path copy = folder.resolve(name + "-" + counter.incrementAndGet() + ".war");
        try {
            Files.createDirectories(folder);
            String digest = copied(war, copy);
            new ZipFile(copy.toFile()).close();
            return new Stored(copy, digest);
        } catch (IOException e) {
            drop(copy);
            throw new WarException("The WAR " + war + " cannot be read (" + e.getMessage()
                    + "). Put a complete WAR there; it is picked up by itself.", e);
        }
    }

    void drop(Path copy) {
        try {
            Files.deleteIfExists(copy);
        } catch (IOException e) {
            LOG.log(Level.FINE, e, () -> "The copy " + copy + " stays until the next start.");
        }
    }

    private static String copied(Path war, Path copy) throws IOException {
        MessageDigest sha256 = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(war), sha256)) {
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java platform has SHA-256.", e);
        }
    }
}
