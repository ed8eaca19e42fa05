package dev.agentruntime.libvirt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** Keeps a second server from using the same server id, and so from reclaiming the first one's VMs. */
final class ServerLock implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final KeyLock lock;

    private ServerLock(KeyLock lock) {
        this.lock = lock;
    }

    /**
     * Makes the run folder, too. Another server may hold the lock for a moment to see whether this one lives, or to remove
     * the folder.
     *
     * @throws IllegalArgumentException another server holds the id
     */
    static ServerLock take(Directories directories) throws IOException {
        AtomicReference<KeyLock> taken = new AtomicReference<>();
        try {
            if (!Await.until(PATIENCE, () -> tryTake(directories, taken))) {
                throw new IllegalArgumentException(
                        "the server id " + directories.serverId() + " is in use on the state directory " + directories.state()
                                + ": does this very server run twice? If not, set another stateDirectory");
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return new ServerLock(taken.get());
    }

    private static boolean tryTake(Directories directories, AtomicReference<KeyLock> taken) {
        try {
            Files.createDirectories(directories.run());
            KeyLock.tryExclusive(file(directories.run())).ifPresent(taken::set);
        } catch (NoSuchFileException e) {
            return false; // the folder was removed at this moment
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return taken.get() != null;
    }

    /** In a server's run folder. */
    static Path file(Path run) {
        return run.resolve("server.lock");
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            DriverMessage.CLEANUP_FAILED.log(e, "the server's lock", e.getMessage());
        }
    }
}
