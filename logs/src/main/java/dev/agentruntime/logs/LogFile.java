package dev.agentruntime.logs;

import dev.agentruntime.api.LogLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * The log of one session on disk: a row of files, of which the oldest are deleted as it grows. Nothing is there until the first line
 * is. Thread-safe; no thread that reads waits for one that writes.
 */
final class LogFile {

    private static final int PARTS = 8;
    private static final long SMALLEST_PART = 64 * 1024;
    private static final long LARGEST_PART = 4L << 20;
    private static final int READ_AT_ONCE = 64 * 1024;

    /** One of its files, with the number of its first line. */
    record Part(long bytes, long first) {}

    /** A place in the log: a file and a byte in it. */
    record Place(int part, long offset) {}

    /** Lines, and the place after them. */
    record Piece(List<LogLine> lines, Place after) {}

    private final Path folder;
    private final LongSupplier most;
    private final LongConsumer grown;
    private final Object writing = new Object();
    private final NavigableMap<Integer, Part> parts = new TreeMap<>();
    private final List<Runnable> listeners = new ArrayList<>();
    private int lastPart = -1;
    private long next;
    /** Whether the last part is not to be gone on with: another run has begun it, or a failed write has spoilt it. */
    private boolean fresh = true;
    private boolean deleted;

    /**
     * @param folder where its files are; made when it is needed
     * @param most   how many bytes are kept, as configured now
     * @param grown  told by how many bytes it has grown or shrunk
     */
    LogFile(Path folder, LongSupplier most, LongConsumer grown) {
        this.folder = folder;
        this.most = most;
        this.grown = grown;
    }

    /** What another run has left. Blocks for the disk. */
    static LogFile found(Path folder, LongSupplier most, LongConsumer grown) throws IOException {
        LogFile file = new LogFile(folder, most, grown);
        for (Map.Entry<Integer, Path> part : OwnFolder.parts(folder).entrySet()) {
            file.take(part.getKey(), Files.size(part.getValue()));
        }
        return file;
    }

    /** Only its ends are looked at: sessions that begin wait for it. */
    private void take(int number, long bytes) {
        parts.put(number, new Part(bytes, next));
        lastPart = number;
        Place begin = new Place(number, 0);
        Optional<LogLine> first = firstFrom(begin);
        if (first.isPresent()) {
            parts.put(number, new Part(bytes, first.get().number()));
            next = lastFrom(new Place(number, Math.max(0, bytes - READ_AT_ONCE))).or(() -> lastFrom(begin)).orElse(first.get()).number() + 1;
        }
        grown.accept(bytes);
    }

    /** In the part of {@code from}, which is the last. */
    private Optional<LogLine> firstFrom(Place from) {
        Place place = from;
        for (Piece piece = read(place); !piece.after().equals(place); piece = read(place)) {
            if (!piece.lines().isEmpty()) {
                return Optional.of(piece.lines().get(0));
            }
            place = piece.after();
        }
        return Optional.empty();
    }

    private Optional<LogLine> lastFrom(Place from) {
        Optional<LogLine> last = Optional.empty();
        Place place = from;
        for (Piece piece = read(place); !piece.after().equals(place); piece = read(place)) {
            last = piece.lines().isEmpty() ? last : Optional.of(piece.lines().get(piece.lines().size() - 1));
            place = piece.after();
        }
        return last;
    }

    /** Adds lines, unless it is deleted, and tells who waits for them. Blocks for the disk. */
    void add(List<Said> lines) throws IOException {
        synchronized (writing) {
            int done = 0;
            while (done < lines.size() && !deleted) {
                done += write(lines.subList(done, lines.size()));
            }
        }
        tell();
    }

    /** Writes a file beside the log, unless that is deleted. Blocks for the disk. */
    void note(String name, byte[] bytes) throws IOException {
        synchronized (writing) {
            if (!deleted) {
                OwnFolder.append(folder, name, bytes);
            }
        }
    }

    /** Writes as many lines as fit into one part, and returns how many those were. */
    private int write(List<Said> lines) throws IOException {
        long room = Math.max(SMALLEST_PART, Math.min(LARGEST_PART, most.getAsLong() / PARTS));
        long first = nextNumber();
        Place before = end(room);
        StringBuilder text = new StringBuilder();
        int count = 0;
        while (count < lines.size() && (count == 0 || before.offset() + text.length() < room)) {
            text.append(StoredLine.of(lines.get(count).numbered(first + count)));
            count++;
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        makeRoom(bytes.length);
        // Where the part that was written has gone as well, whoever reads it must not take another for it.
        Place end = end(room);
        try {
            OwnFolder.append(folder, name(end.part()), bytes);
        } catch (IOException e) {
            takeBack(end, e);
            throw e;
        }
        synchronized (this) {
            Part part = parts.getOrDefault(end.part(), new Part(0, first));
            parts.put(end.part(), new Part(part.bytes() + bytes.length, part.first()));
            lastPart = end.part();
            next = first + count;
            fresh = false;
        }
        grown.accept(bytes.length);
        return count;
    }

    /** What a full disk took of a write must not stay: it would be counted nowhere, each time anew. */
    private void takeBack(Place end, IOException failure) {
        try {
            OwnFolder.cut(folder, name(end.part()), end.offset());
        } catch (IOException e) {
            failure.addSuppressed(e);
            synchronized (this) {
                lastPart = end.part();
                fresh = true;
            }
        }
    }

    private synchronized Place end(long room) {
        Part last = parts.getOrDefault(lastPart, new Part(room, 0));
        return fresh || last.bytes() >= room ? new Place(lastPart + 1, 0) : new Place(lastPart, last.bytes());
    }

    /** The part that is being written goes last. */
    private void makeRoom(long bytes) throws IOException {
        while (bytes() + bytes > most.getAsLong() && dropOldest()) {
            continue;
        }
    }

    /** Deletes the oldest part; whether there was one. Blocks for the disk. */
    boolean dropOldest() throws IOException {
        synchronized (writing) {
            Map.Entry<Integer, Part> oldest;
            synchronized (this) {
                oldest = parts.pollFirstEntry();
            }
            if (oldest == null) {
                return false;
            }
            grown.accept(-oldest.getValue().bytes());
            Files.deleteIfExists(folder.resolve(name(oldest.getKey())));
            return true;
        }
    }

    /** Deletes all of it; nothing is added to it any more. Blocks for the disk. */
    void delete() throws IOException {
        synchronized (writing) {
            deleted = true;
            synchronized (this) {
                grown.accept(-bytes());
                parts.clear();
            }
            OwnFolder.delete(folder, LogName.FILE);
        }
    }

    /** How much it has on disk. Does not block. */
    synchronized long bytes() {
        return parts.values().stream().mapToLong(Part::bytes).sum();
    }

    /** The number of the line that comes next. Does not block. */
    synchronized long nextNumber() {
        return next;
    }

    /** A place at or before the line {@code number}, as far as that is kept. Does not block. */
    synchronized Place before(long number) {
        int part = parts.isEmpty() ? lastPart + 1 : parts.firstKey();
        for (Map.Entry<Integer, Part> candidate : parts.entrySet()) {
            if (candidate.getValue().first() <= number) {
                part = candidate.getKey();
            }
        }
        return new Place(part, 0);
    }

    /** The latest lines, oldest first. Blocks for the disk. */
    List<LogLine> last(int lines) {
        long first = nextNumber() - lines;
        List<LogLine> last = new ArrayList<>();
        Place place = before(first);
        for (Piece piece = read(place); !piece.after().equals(place) && last.size() < lines; piece = read(place)) {
            piece.lines().stream().filter(line -> line.number() >= first).forEach(last::add);
            place = piece.after();
        }
        return List.copyOf(last.subList(0, Math.min(lines, last.size())));
    }

    /** Some lines from {@code place} on; none, and the same place, where there is nothing more. Blocks for the disk. */
    Piece read(Place place) {
        Place from = place;
        long end;
        synchronized (this) {
            Map.Entry<Integer, Part> part = parts.ceilingEntry(from.part());
            if (part != null && part.getKey() == from.part() && part.getValue().bytes() <= from.offset()) {
                part = parts.higherEntry(from.part());
            }
            if (part == null) {
                return new Piece(List.of(), place);
            }
            from = part.getKey() == from.part() ? from : new Place(part.getKey(), 0);
            end = part.getValue().bytes();
        }
        try {
            return read(from, end);
        } catch (NoSuchFileException justDeleted) {
            return new Piece(List.of(), new Place(from.part(), end));
        } catch (IOException e) {
            throw new UncheckedIOException("A log could not be read: " + e.getMessage(), e);
        }
    }

    private Piece read(Place from, long end) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(READ_AT_ONCE, end - from.offset()));
        try (SeekableByteChannel in = Files.newByteChannel(folder.resolve(name(from.part())))) {
            in.position(from.offset());
            while (bytes.hasRemaining() && in.read(bytes) >= 0) {
                continue;
            }
        }
        List<LogLine> lines = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i < bytes.position(); i++) {
            if (bytes.get(i) == '\n') {
                StoredLine.read(new String(bytes.array(), begin, i - begin, StandardCharsets.UTF_8)).ifPresent(lines::add);
                begin = i + 1;
            }
        }
        // Without a line's end it is the rest of what a server that was killed has written: pass over it.
        return new Piece(lines, new Place(from.part(), from.offset() + (begin > 0 ? begin : bytes.capacity())));
    }

    /** Runs {@code listener} once, when there is another line or {@link #tell} is called. Does not block. */
    synchronized void onNews(Runnable listener) {
        listeners.add(listener);
    }

    synchronized void forget(Runnable listener) {
        listeners.remove(listener);
    }

    /** Tells who waits. */
    void tell() {
        List<Runnable> told;
        synchronized (this) {
            told = List.copyOf(listeners);
            listeners.clear();
        }
        told.forEach(Runnable::run);
    }

    private static String name(int part) {
        return OwnFolder.name(part);
    }
}
