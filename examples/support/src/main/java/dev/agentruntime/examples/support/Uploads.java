package dev.agentruntime.examples.support;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.List;

/**
 * The body of a call with documents, each named after its file without what follows the dot. Nothing is kept in memory.
 *
 * @param contentType the body's media type
 * @param body        the body
 */
public record Uploads(String contentType, BodyPublisher body) {

    private static final int CHUNK_BYTES = 48 * 1024; // a multiple of three

    /** A multipart form. */
    public static Uploads form(Path... files) {
        return new Uploads("multipart/form-data; boundary=limit", BodyPublishers.ofInputStream(() -> {
            InputStream all = InputStream.nullInputStream();
            for (Path file : files) {
                all = join(all, text("--limit\r\nContent-Disposition: form-data; name=\"" + name(file) + "\"; filename=\"" + file.getFileName()
                        + "\"\r\nContent-Type: application/octet-stream\r\n\r\n"), open(file), text("\r\n"));
            }
            return join(all, text("--limit--\r\n"));
        }));
    }

    /** A JSON object with the files in base64. */
    public static Uploads json(Path... files) {
        return new Uploads("application/json", BodyPublishers.ofInputStream(() -> {
            InputStream all = text("{");
            for (int i = 0; i < files.length; i++) {
                all = join(all, text((i == 0 ? "" : ",") + "\"" + name(files[i]) + "\":\""), new Encoded(open(files[i])), text("\""));
            }
            return join(all, text("}"));
        }));
    }

    private static String name(Path file) {
        return file.getFileName().toString().replaceFirst("\\..*", "");
    }

    private static InputStream join(InputStream... streams) {
        return new SequenceInputStream(Collections.enumeration(List.of(streams)));
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static InputStream open(Path file) {
        try {
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Base64 of another stream. */
    private static final class Encoded extends FilterInputStream {
        private ByteArrayInputStream chunk = new ByteArrayInputStream(new byte[0]);

        Encoded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            return fill() ? chunk.read() : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return fill() ? chunk.read(target, offset, length) : -1;
        }

        private boolean fill() throws IOException {
            if (chunk.available() == 0) {
                chunk = new ByteArrayInputStream(Base64.getEncoder().encode(in.readNBytes(CHUNK_BYTES)));
            }
            return chunk.available() > 0;
        }
    }
}
