package dev.agentruntime.libvirt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A lock that other processes see too, exclusive or shared. A lock file is open once in this process, however many hold it or
 * ask for it: closing any other descriptor of it would drop the process's lock. Thread-safe.
 */
final class KeyLock implements AutoCloseable {

    /** The lock files that are open, by their real path. Guards itself. */
    private static final Map<Path, Held> OPEN = new HashMap<>();

    private final Path file;
    private final AtomicBoolean released = new AtomicBoolean();

    private KeyLock(Path file) {
        this.file = file;
    }

    private static final class Held {
        private final FileChannel channel;
        private final boolean shared;
        private int holders;

        Held(FileChannel channel, boolean shared) {
            this.channel = channel;
            this.shared = shared;
        }
    }

    /** Waits for the lock that excludes all others. */
    static KeyLock exclusive(Path file) throws IOException {
        return await(file, false);
    }

    /** Waits for the lock that others may share; a holder of the exclusive one has it for a moment only. */
    static KeyLock shared(Path file) throws IOException {
        return await(file, true);
    }

    /** The lock that excludes all others, when nobody holds one. */
    static Optional<KeyLock> tryExclusive(Path file) throws IOException {
        return tryLock(real(file), false);
    }

    /** The kernel's own waiting would not do: Java refuses to wait for a lock that another driver in this process holds. */
    private static KeyLock await(Path file, boolean shared) throws IOException {
        Path real = real(file);
        KeyLock[] lock = new KeyLock[1];
        try {
            while (!Await.until(Duration.ofMinutes(1), () -> {
                Optional<KeyLock> got = tryUnchecked(real, shared);
                got.ifPresent(l -> lock[0] = l);
                return got.isPresent();
            })) {
                DriverMessage.WAITING_FOR_TEMPLATE.log(file);
            }
            return lock[0];
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Optional<KeyLock> tryUnchecked(Path file, boolean shared) {
        try {
            return tryLock(file, shared);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<KeyLock> tryLock(Path file, boolean shared) throws IOException {
        synchronized (OPEN) {
            Optional<Held> held = Optional.ofNullable(OPEN.get(file));
            if (held.isPresent() && !(shared && held.get().shared)) {
                return Optional.empty();
            }
            if (held.isEmpty()) {
                held = open(file, shared);
                held.ifPresent(opened -> OPEN.put(file, opened));
            }
            return held.map(h -> {
                h.holders++;
                return new KeyLock(file);
            });
        }
    }

    /** Locks the file of that name; a file that was deleted before it was locked is nobody's lock any more. */
    private static Optional<Held> open(Path file, boolean shared) throws IOException {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            // So it mostly is.
        }
        Optional<Object> before = identity(file);
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
            if (lock != null && before.isPresent() && before.equals(identity(file))) {
                return Optional.of(new Held(channel, shared));
            }
            channel.close();
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Optional<Object> identity(Path file) throws IOException {
        try {
            return Optional.ofNullable(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Path real(Path file) throws IOException {
        return file.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
    }

    /** Removes the lock's file. Only for who holds it exclusively. */
    void deleteFile() throws IOException {
        Files.deleteIfExists(file);
    }

    /** Lets the lock go. Idempotent. */
    @Override
    public void close() throws IOException {
        if (!released.compareAndSet(false, true)) {
            return;
        }
        synchronized (OPEN) {
            Held held = OPEN.get(file);
            held.holders--;
            if (held.holders == 0) {
                OPEN.remove(file);
                held.channel.close();
            }
        }
    }
}
