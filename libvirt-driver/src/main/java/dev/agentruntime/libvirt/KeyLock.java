package dev.agentruntime.libvirt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/**
 * A lock that other processes see too. Within this process, a caller must see to it that a file is locked
 * once at a time. The lock's file stays: deleting it would let two processes lock two files of one name.
 */
final class KeyLock implements AutoCloseable {

    private final FileChannel channel;

    private KeyLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits for the lock that excludes all others. The kernel's own waiting would not do: Java refuses to wait for a lock
     * that another driver in this process holds.
     */
    static KeyLock exclusive(Path file) throws IOException {
        return await(file, false);
    }

    /** Waits for the lock that other processes may share; a holder of the exclusive one has it for a moment only. */
    static KeyLock shared(Path file) throws IOException {
        return await(file, true);
    }

    private static KeyLock await(Path file, boolean shared) throws IOException {
        KeyLock keyLock = new KeyLock(open(file));
        try {
            while (!Await.until(Duration.ofMinutes(1), () -> keyLock.tryLock(shared))) {
                DriverMessage.WAITING_FOR_TEMPLATE.log(file);
            }
            return keyLock;
        } catch (UncheckedIOException e) {
            keyLock.close();
            throw e.getCause();
        } catch (RuntimeException e) {
            keyLock.close();
            throw e;
        }
    }

    /** The lock that excludes all others, when nobody holds one. */
    static Optional<KeyLock> tryExclusive(Path file) throws IOException {
        KeyLock keyLock = new KeyLock(open(file));
        if (keyLock.tryLock()) {
            return Optional.of(keyLock);
        }
        keyLock.close();
        return Optional.empty();
    }

    private boolean tryLock() {
        return tryLock(false);
    }

    private boolean tryLock(boolean shared) {
        try {
            return channel.tryLock(0, Long.MAX_VALUE, shared) != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
