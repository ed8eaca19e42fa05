package dev.agentruntime.agents;

import dev.agentruntime.agents.ArtifactException.Cure;
import dev.agentruntime.spi.Artifact;
import dev.agentruntime.spi.ZipList;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Copies of artifacts that nobody changes while they are used. Thread-safe. */
final class ArtifactStore {

    private static final Logger LOG = Logger.getLogger(ArtifactStore.class.getName());
    private static final String DRIVERS = ".drivers";
    private static final int CHUNK_BYTES = 64 << 10;

    private final Path folder;
    private final Executor deletes;
    /** In the names of this run's copies, so that they are told from an earlier run's. */
    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final AtomicLong counter = new AtomicLong();
    private final AtomicBoolean cleaned = new AtomicBoolean();

    /**
     * @param folder  used by this server alone
     * @param deletes where copies are deleted
     */
    ArtifactStore(Path folder, Executor deletes) {
        this.folder = folder;
        this.deletes = deletes;
    }

    /**
     * Copies what is at the agent's location; packs it where that is a folder. Blocks on files. The first call removes what
     * an earlier run left.
     *
     * @throws ArtifactException it cannot be used, or cannot be read now
     */
    StoredArtifact take(AgentConfig agent, Runnable alive) {
        if (!cleaned.getAndSet(true)) {
            clean();
        }
        Path copy = folder.resolve(agent.name() + "-" + run + "-" + counter.incrementAndGet() + ".war");
        Path drivers = copy.resolveSibling(copy.getFileName() + DRIVERS);
        try {
            if (agent.location().toString().toLowerCase(Locale.ROOT).endsWith(".ear")) {
                throw isAnEar(agent.location());
            }
            Files.createDirectories(folder);
            String digest = copied(agent, copy, alive);
            check(agent.location(), copy);
            return new StoredArtifact(new Artifact(Artifact.Kind.WAR, copy, digest), ConfigurationFile.read(agent.configuration()),
                    drivers(agent, drivers, alive), () -> deleteSoon(copy, drivers));
        } catch (ZipException e) {
            delete(copy);
            delete(drivers);
            throw new ArtifactException("The WAR " + agent.location() + " cannot be read (" + e.getMessage()
                    + "). Put a complete WAR there; it is picked up by itself.", Cure.CHANGE, e);
        } catch (IOException e) {
            delete(copy);
            delete(drivers);
            throw new ArtifactException("The WAR " + agent.location() + " cannot be read or copied to " + folder + " (" + e
                    + "). It is tried again by itself.", Cure.RETRY, e);
        } catch (RuntimeException | Error e) {
            delete(copy);
            delete(drivers);
            throw e;
        }
    }

    private static Optional<Artifact> drivers(AgentConfig agent, Path copy, Runnable alive) throws IOException {
        DriverFolder folder = DriverFolder.read(agent.drivers());
        if (folder.isEmpty()) {
            return Optional.empty();
        }
        MessageDigest sha256 = sha256();
        try (OutputStream file = new DigestOutputStream(Files.newOutputStream(copy), sha256);
                OutputStream bounded = new BoundedOutput(file, "The folder " + agent.drivers(), agent.memoryBytes(), alive)) {
            folder.pack(bounded, alive);
        }
        return Optional.of(new Artifact(Artifact.Kind.LIBRARIES, copy, HexFormat.of().formatHex(sha256.digest())));
    }

    private static String copied(AgentConfig agent, Path copy, Runnable alive) throws IOException {
        MessageDigest sha256 = sha256();
        try (OutputStream file = new DigestOutputStream(Files.newOutputStream(copy), sha256);
                OutputStream bounded = new BoundedOutput(file, "The WAR " + agent.location(), agent.memoryBytes(), alive)) {
            if (Files.isDirectory(agent.location())) {
                FolderPacker.pack(agent.location().toRealPath(), bounded, alive);
            } else if (Files.exists(agent.location()) && !Files.isRegularFile(agent.location())) {
                // To open a pipe is to wait for whoever writes into it.
                throw new ArtifactException(agent.location() + " is neither a file nor a folder. Put a WAR there; it is picked up by itself.", Cure.CHANGE);
            } else {
                BoundedOutput.check("The WAR " + agent.location(), agent.memoryBytes(), Files.size(agent.location()), "");
                try (InputStream in = Files.newInputStream(agent.location())) {
                    byte[] chunk = new byte[CHUNK_BYTES];
                    for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                        bounded.write(chunk, 0, read);
                    }
                }
            }
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    private static void check(Path location, Path copy) throws IOException {
        if (ZipList.isTooLong(copy)) {
            throw new ArtifactException("The WAR " + location + " has a list of files of more than " + (ZipList.MOST_BYTES >> 20)
                    + " MB. Put one with fewer files there; it is picked up by itself.", Cure.CHANGE);
        }
        try (ZipFile zip = new ZipFile(copy.toFile())) {
            if (zip.getEntry("META-INF/application.xml") != null && zip.getEntry("WEB-INF/") == null
                    && zip.stream().noneMatch(entry -> entry.getName().startsWith("WEB-INF/"))) {
                throw isAnEar(location);
            }
        }
    }

    private static ArtifactException isAnEar(Path location) {
        return new ArtifactException(location + " is an EAR; an agent is a WAR. Put the WAR that is inside it in its place.",
                Cure.CHANGE);
    }

    /** Removes what an earlier run left. */
    private void clean() {
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.war{," + DRIVERS + "}")) {
                files.forEach(file -> {
                    if (!file.getFileName().toString().contains("-" + run + "-")) {
                        delete(file);
                    }
                });
            } catch (IOException | DirectoryIteratorException e) {
                LOG.log(Level.FINE, e, () -> "Old copies in " + folder + " stay.");
            }
        }
    }

    /** Whoever lets a copy go has more to do, also where there is no thread for it. */
    private void deleteSoon(Path copy, Path drivers) {
        try {
            deletes.execute(() -> {
                delete(copy);
                delete(drivers);
            });
        } catch (RuntimeException | Error noThread) {
            LOG.log(Level.FINE, noThread, () -> "The copy " + copy + " stays until the next start.");
        }
    }

    private static void delete(Path copy) {
        try {
            Files.deleteIfExists(copy);
        } catch (IOException e) {
            LOG.log(Level.FINE, e, () -> "The copy " + copy + " stays until the next start.");
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java platform has SHA-256.", e);
        }
    }
}
