package dev.agentruntime.client;

import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** A request's body, which can be read more than once: a signature reads it before it is sent. */
public sealed interface Payload {

    /** A new stream of all of it. The caller closes it. */
    InputStream open();

    /** In bytes. */
    long length();

    /** Whether there is no body at all. */
    default boolean isNone() {
        return false;
    }

    static Payload none() {
        return new None();
    }

    static Payload of(byte[] bytes) {
        return new Bytes(bytes);
    }

    static Payload of(JsonObject json) {
        return of(json.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** A file, which must not change until it is sent. */
    static Payload of(Path file) {
        return of(file, sent -> { });
    }

    /** @param progress is told how many bytes of it have been taken to be sent */
    static Payload of(Path file, LongConsumer progress) {
        return new FileBytes(file, progress);
    }

    /** For one sending. */
    default BodyPublisher publisher() {
        return isNone() ? BodyPublishers.noBody() : BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(this::sending), length());
    }

    /** What is read to be sent. */
    default InputStream sending() {
        return open();
    }

    /** No body. */
    record None() implements Payload {
        @Override
        public InputStream open() {
            return InputStream.nullInputStream();
        }

        @Override
        public long length() {
            return 0;
        }

        @Override
        public boolean isNone() {
            return true;
        }
    }

    /** Held in memory. */
    @SuppressWarnings("ArrayRecordComponent")
    record Bytes(byte[] bytes) implements Payload {
        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public BodyPublisher publisher() {
            return BodyPublishers.ofByteArray(bytes);
        }
    }

    /** Read from the disk as it is sent. */
    record FileBytes(Path file, LongConsumer progress) implements Payload {
        @Override
        public InputStream open() {
            try {
                return Files.newInputStream(file);
            } catch (IOException e) {
                throw new UncheckedIOException("The file " + file + " cannot be read: " + e.getMessage(), e);
            }
        }

        @Override
        public long length() {
            try {
                return Files.size(file);
            } catch (IOException e) {
                throw new UncheckedIOException("The file " + file + " cannot be read: " + e.getMessage(), e);
            }
        }

        @Override
        public InputStream sending() {
            return new FilterInputStream(open()) {
                private long sent;

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    int count = super.read(buffer, offset, length);
                    sent += Math.max(0, count);
                    progress.accept(sent);
                    return count;
                }
            };
        }
    }
}
