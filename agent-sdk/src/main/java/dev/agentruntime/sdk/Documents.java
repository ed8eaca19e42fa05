package dev.agentruntime.sdk;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The documents of one request, each in a file that is gone when this is closed. In the JSON that the body is made from a document is a
 * word that only this object knows. For one thread at a time; may be closed by any, more than once.
 */
final class Documents implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Documents.class.getName());
    private static final int MOST = 1000;
    private static final ThreadLocal<Documents> CURRENT = new ThreadLocal<>();

    private final Path folder;
    private final String word = "document-" + UUID.randomUUID() + "-";
    private final List<StoredDocument> stored = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();
    private final List<OutputStream> open = new ArrayList<>();

    Documents(Path folder) {
        this.folder = folder;
    }

    /** The documents of the body that this thread is reading. */
    static Optional<Documents> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** Makes this the thread's documents while the body is read. */
    <T> T during(Read<T> read) throws IOException {
        CURRENT.set(this);
        try {
            return read.run();
        } finally {
            CURRENT.remove();
        }
    }

    @FunctionalInterface
    interface Read<T> {
        T run() throws IOException;
    }

    /** A name in the folder for a new document's file, which somebody else writes. */
    synchronized Path newFile() {
        if (files.size() == MOST) {
            throw new BadRequestException("Too many documents", "A body may have " + MOST, null);
        }
        Path file = folder.resolve(word + files.size());
        files.add(file);
        return file;
    }

    /** Creates a new document's file. It is closed with this at the latest. */
    synchronized OutputStream create(Path file) {
        try {
            OutputStream out = Files.newOutputStream(file);
            open.add(out);
            return out;
        } catch (IOException e) {
            throw full(e);
        }
    }

    /** What to tell of a document that cannot be written. */
    DocumentStorageException full(IOException failure) {
        return new DocumentStorageException(folder, failure);
    }

    /** Takes a document whose file is complete. Returns the word that stands for it. */
    synchronized String add(String name, Optional<String> fileName, Optional<String> contentType, Path file) {
        try {
            stored.add(new StoredDocument(name, fileName, contentType, Files.size(file), file));
        } catch (IOException e) {
            throw full(e);
        }
        return word + (stored.size() - 1);
    }

    /** The document that a word stands for; any other text is taken for a document's base64. */
    synchronized AgentDocument named(String text) {
        if (text.startsWith(word)) {
            return stored.get(Integer.parseInt(text.substring(word.length())));
        }
        Base64Text base64 = new Base64Text(this);
        char[] chars = text.toCharArray();
        base64.put(chars, 0, chars.length);
        return named(base64.finish("document"));
    }

    @Override
    public synchronized void close() {
        open.forEach(out -> attempt("close", out::close));
        open.clear();
        files.forEach(file -> attempt("delete", () -> Files.deleteIfExists(file)));
        files.clear();
    }

    private void attempt(String what, AutoCloseable action) {
        try {
            action.close();
        } catch (Exception e) {
            LOG.log(Level.WARNING, "Could not " + what + " a document in " + folder + ": " + Errors.message(e), e);
        }
    }
}
