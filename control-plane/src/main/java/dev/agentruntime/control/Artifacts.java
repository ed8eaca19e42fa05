package dev.agentruntime.control;

import dev.agentruntime.control.ControlException.Kind;
import jakarta.json.JsonObject;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The WARs that agent runtimes are made of, each kept once under its digest. A file is there whole or not at all. Thread-safe; blocks
 * on files.
 */
final class Artifacts {

    private static final Logger LOG = Logger.getLogger(Artifacts.class.getName());
    private static final String PART = ".part";
    private static final int CHUNK_BYTES = 64 << 10;
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final Path directory;
    private final Supplier<ControlSettings> settings;
    private final AtomicLong arriving = new AtomicLong();

    /** Removes what uploads that an earlier run did not finish have left; what other servers are writing there stays. */
    Artifacts(Path directory, Supplier<ControlSettings> settings) {
        this.directory = directory;
        this.settings = settings;
        try {
            if (Files.isDirectory(directory)) {
                try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, "*" + PART)) {
                    for (Path part : parts) {
                        if (Files.getLastModifiedTime(part).toInstant().isBefore(Instant.now().minus(ABANDONED))) {
                            Files.deleteIfExists(part);
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The directory " + directory + " cannot be read.", e);
        }
    }

    /** A WAR of this digest; there where one was taken. */
    Path file(String digest) {
        return directory.resolve(digest + ".war");
    }

    /**
     * Has the artifact that a request names, and returns its SHA-256. A file of the folder is copied, so that a version does not
     * change with it.
     *
     * @throws ControlException there is none, or it is of a kind that this server does not run
     */
    String take(JsonObject artifact) {
        if (!(artifact.get("containerConfiguration") instanceof JsonObject container)) {
            throw ControlException.invalid("agentRuntimeArtifact.codeConfiguration", "is code in S3, which this server does not read."
                    + " Use containerConfiguration with the uri that PUT /artifacts/{name} has returned for a WAR");
        }
        ArtifactUri uri = ArtifactUri.parse(container.getString("containerUri"));
        if (uri instanceof ArtifactUri.Uploaded uploaded) {
            if (!Files.isRegularFile(file(uploaded.digest()), LinkOption.NOFOLLOW_LINKS)) {
                throw ControlException.invalid(ArtifactUri.FIELD, "names an artifact that is not here. Upload it with PUT /artifacts/"
                        + uploaded.name());
            }
            return uploaded.digest();
        }
        return copied(((ArtifactUri.InFolder) uri).path());
    }

    private String copied(String path) {
        Path file = inFolder(path);
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return store(in, Optional.of(Files.size(file)), Optional.empty());
        } catch (IOException e) {
            throw new ControlException(Kind.INTERNAL, "The artifact " + path + " cannot be read or copied: " + e, e);
        }
    }

    /** What is outside the folder is as if it were not there, whether a path or a link leads there. */
    private Path inFolder(String path) {
        ControlException none = ControlException.invalid(ArtifactUri.FIELD, "names no WAR below the folder of <agentRuntimeControl>");
        try {
            Path folder = settings.get().folder().toRealPath();
            Path named = Path.of(path);
            if (named.isAbsolute() || path.isEmpty() || !named.equals(named.normalize()) || named.startsWith("..")) {
                throw none;
            }
            Path file = folder.resolve(named).toRealPath();
            if (!file.startsWith(folder) || !Files.isRegularFile(file) || !isWar(file.getFileName().toString())) {
                throw none;
            }
            return file;
        } catch (IOException | InvalidPathException e) {
            none.addSuppressed(e);
            throw none;
        }
    }

    private static boolean isWar(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(".war");
    }

    /**
     * Takes an upload.
     *
     * @param length in bytes, where that is known beforehand
     * @param digest that it must have: SHA-256 in lower-case hexadecimal
     * @throws ControlException its name cannot be used, it is too large, no WAR, or another than announced
     */
    ArtifactUri.Uploaded upload(String name, InputStream body, Optional<Long> length, Optional<String> digest) {
        if (!ArtifactUri.NAME.matcher(name).matches() || !isWar(name)) {
            throw ControlException.invalid("name", "must end in .war and have 1 to 128 letters, digits, '.', '_' and '-', a letter or digit"
                    + " first");
        }
        return new ArtifactUri.Uploaded(name, store(new Arriving(body), length, digest));
    }

    /** What does not arrive as its headers say is its caller's fault, and no fault of this server's disk. */
    private static final class Arriving extends FilterInputStream {

        private Arriving(InputStream body) {
            super(body);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            try {
                return super.read(buffer, offset, length);
            } catch (IOException broken) {
                throw ControlException.invalid("body", "did not arrive whole, or is not as its headers say: " + broken.getMessage()
                        + ". Send it again");
            }
        }
    }

    private String store(InputStream body, Optional<Long> length, Optional<String> wanted) {
        length.ifPresent(this::checkSize);
        Path part = directory.resolve(UUID.randomUUID() + PART);
        try {
            create();
            String digest = written(body, part, kept());
            if (wanted.filter(other -> !other.equals(digest)).isPresent()) {
                throw ControlException.invalid("digest", "is not that of what arrived, which has SHA-256 " + digest + ". Send it again");
            }
            WarFile.check(part);
            keep(part, file(digest));
            return digest;
        } catch (IOException e) {
            throw new ControlException(Kind.INTERNAL, "The artifact could not be kept: " + e, e);
        } finally {
            delete(part);
        }
    }

    private void create() throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory.toAbsolutePath().getParent());
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    /** One at a time, since what arrives at the same time counts too. */
    private synchronized void keep(Path part, Path file) throws IOException {
        if (!Files.exists(file) && kept() + Files.size(part) > settings.get().mostBytes()) {
            throw full();
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel written = FileChannel.open(directory)) {
            written.force(true);
        }
    }

    private static ControlException full() {
        return new ControlException(Kind.QUOTA, "The artifacts would be larger than maxSize of <agentRuntimeControl> together."
                + " Delete files that no agent runtime needs from its directory, or raise maxSize.");
    }

    private String written(InputStream body, Path part, long kept) throws IOException {
        MessageDigest sha256 = Sha256.begun();
        long bytes = 0;
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                OutputStream out = Channels.newOutputStream(channel)) {
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int read = body.read(chunk); read >= 0; read = body.read(chunk)) {
                bytes += read;
                arriving.addAndGet(read);
                checkSize(bytes);
                if (kept + arriving.get() > settings.get().mostBytes()) {
                    throw full();
                }
                sha256.update(chunk, 0, read);
                out.write(chunk, 0, read);
            }
            channel.force(true);
            return HexFormat.of().formatHex(sha256.digest());
        } finally {
            arriving.addAndGet(-bytes);
        }
    }

    private void checkSize(long bytes) {
        if (bytes > settings.get().largest()) {
            throw new ControlException(Kind.TOO_LARGE, "The artifact is larger than the " + settings.get().largest()
                    + " bytes of maxArtifactSize of <agentRuntimeControl>. Make it smaller, or raise maxArtifactSize.");
        }
    }

    private long kept() throws IOException {
        long bytes = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.war")) {
            for (Path file : files) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    private static void delete(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            LOG.log(Level.FINE, e, () -> part + " stays until the next start.");
        }
    }
}
