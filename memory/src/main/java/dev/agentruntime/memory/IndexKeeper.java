package dev.agentruntime.memory;

import dev.agentruntime.memory.MemoryException.Kind;
import dev.agentruntime.memory.RecordTable.Revision;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.LockObtainFailedException;

/**
 * Keeps the index up with the database, which any server may have changed: before each question, and once a second. An index that is missing,
 * broken or of another database is made anew; one that fails in use is opened again. Nothing is opened before it is needed. Thread-safe;
 * blocks on the database and on the disk.
 */
final class IndexKeeper implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(IndexKeeper.class.getName());
    private static final int AT_ONCE = 500;
    /** So many seconds without a change, and what was removed is let go of. */
    static final int QUIET = 30;
    /** So many seconds with changes all the time, and it is let go of as well. */
    static final int LONGEST = 600;
    private static final Revision NOTHING = new Revision("", 0);

    private final MemoryStore store;
    private final Path folder;
    private Optional<RecordIndex> open = Optional.empty();
    private Revision applied = NOTHING;
    private Revision committed = NOTHING;
    private int quiet;
    private int untidy;
    private boolean isBroken;
    private boolean isTold;
    private boolean isClosed;

    IndexKeeper(MemoryStore store, Path folder) {
        this.store = store;
        this.folder = folder;
    }

    /** What is done with an index. */
    private interface Use<T> {
        T with(RecordIndex index) throws IOException;
    }

    /** As {@link RecordIndex#search}, with all that is in the database now. */
    List<RecordIndex.Hit> search(RecordTable.Wanted wanted, String question, int most) {
        return used(index -> index.search(wanted, question, most));
    }

    /** Writes to the disk what was changed since the last time. */
    synchronized void tick() {
        if (open.isEmpty() && store.run(transaction -> new RecordTable(transaction).revision()).number() == 0) {
            return;
        }
        used(index -> {
            write(index);
            return index;
        });
        isTold = false;
    }

    private void write(RecordIndex index) throws IOException {
        if (!applied.equals(committed)) {
            index.commit(applied);
            committed = applied;
            quiet = 0;
        } else {
            quiet++;
        }
        if (++untidy >= LONGEST || quiet == QUIET) {
            index.tidy(applied);
            untidy = 0;
        }
    }

    /** Once more with one that was opened again, where it fails. */
    private <T> T used(Use<T> use) {
        try {
            RecordIndex index = current();
            try {
                return use.with(index);
            } catch (IOException | AlreadyClosedException e) {
                letGo(index, e);
            }
            return use.with(current());
        } catch (IOException | AlreadyClosedException e) {
            throw failed(e);
        }
    }

    private synchronized RecordIndex current() throws IOException {
        if (isClosed) {
            throw new AlreadyClosedException("The memories of this server are being stopped.");
        }
        RecordIndex index = opened();
        try {
            return broughtUp(index);
        } catch (IOException | AlreadyClosedException e) {
            letGo(index, e);
        }
        return broughtUp(opened());
    }

    private RecordIndex broughtUp(RecordIndex index) throws IOException {
        boolean isChanged = false;
        while (apply(index)) {
            isChanged = true;
        }
        if (isChanged) {
            index.refresh();
        }
        return index;
    }

    private RecordIndex opened() throws IOException {
        if (open.isEmpty()) {
            if (isBroken) {
                delete(folder);
            }
            RecordIndex index;
            try {
                index = new RecordIndex(folder);
            } catch (LockObtainFailedException another) {
                throw another;
            } catch (IOException | IllegalArgumentException broken) {
                MemoryMessage.INDEX_ANEW.log(LOG, folder, broken.toString());
                delete(folder);
                index = new RecordIndex(folder);
            }
            isBroken = false;
            open = Optional.of(index);
            Revision last = index.committed();
            applied = last.number() < store.run(transaction -> new RecordTable(transaction).forgotten()) ? NOTHING : last;
            committed = applied;
        }
        return open.get();
    }

    private synchronized void letGo(RecordIndex index, Exception failure) {
        if (open.filter(one -> one == index).isEmpty()) {
            return; // another thread did
        }
        open = Optional.empty();
        close(index);
        isBroken = Stream.iterate((Throwable) failure, cause -> cause != null, Throwable::getCause).anyMatch(cause -> cause instanceof CorruptIndexException
                || cause instanceof EOFException || cause instanceof FileNotFoundException || cause instanceof NoSuchFileException);
        if (isBroken) {
            MemoryMessage.INDEX_ANEW.log(LOG, folder, failure.toString());
        }
    }

    /** Returns whether something was changed. */
    private boolean apply(RecordIndex index) throws IOException {
        Changes changes = store.run(transaction -> {
            RecordTable table = new RecordTable(transaction);
            Revision now = table.revision();
            boolean isOther = !now.origin().equals(applied.origin()) || now.number() < applied.number();
            long after = isOther ? 0 : applied.number();
            return new Changes(now, isOther, after == now.number() ? List.of() : table.changedAfter(after, AT_ONCE),
                    after == now.number() ? List.of() : table.goneAfter(after, AT_ONCE));
        });
        if (changes.now().equals(applied)) {
            return false;
        }
        if (changes.isOther()) {
            index.removeAll();
        }
        for (RecordRow record : changes.records()) {
            index.put(record);
        }
        for (RecordTable.Gone gone : changes.gone()) {
            index.remove(gone.memory(), gone.id());
        }
        applied = new Revision(changes.now().origin(), changes.until());
        return true;
    }

    /** @param isOther whether the index was made of another database */
    private record Changes(Revision now, boolean isOther, List<RecordRow> records, List<RecordTable.Gone> gone) {

        /** Up to which change all are here. */
        long until() {
            List<Long> ends = new ArrayList<>(List.of(now.number()));
            if (records.size() == AT_ONCE) {
                ends.add(records.get(AT_ONCE - 1).revision());
            }
            if (gone.size() == AT_ONCE) {
                ends.add(gone.get(AT_ONCE - 1).revision());
            }
            return ends.stream().min(Comparator.naturalOrder()).orElseThrow();
        }
    }

    private synchronized MemoryException failed(Exception e) {
        if (!isTold && !isClosed) { // once, though it is tried again every second
            MemoryMessage.INDEX.log(LOG, e.toString());
        }
        isTold = true;
        return new MemoryException(Kind.INTERNAL, "The index of records cannot be read. The server's log has the details.", e);
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void close(RecordIndex index) {
        try {
            index.close();
        } catch (IOException | AlreadyClosedException e) {
            MemoryMessage.INDEX.log(LOG, e.toString());
        }
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        open.ifPresent(IndexKeeper::close);
        open = Optional.empty();
    }
}
