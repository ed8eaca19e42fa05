package dev.agentruntime.sdk;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;

/** What came with a request, or stands for it. Read once; closed when the request has been answered. */
interface Body extends AutoCloseable {

    InputStream stream() throws IOException;

    Charset charset();

    /** Whether {@link #parts()} are there instead of JSON. */
    boolean isForm();

    Collection<Part> parts();

    Documents documents();

    @Override
    default void close() {
        documents().close();
    }

    /** @param folder for documents */
    static Body of(HttpServletRequest request, Path folder) {
        return new Received(request, new Documents(folder));
    }

    /** A body that is at hand: UTF-8, no form. */
    static Body of(byte[] bytes, Path folder) {
        return new AtHand(bytes, new Documents(folder));
    }

    /** What a caller sent. */
    record Received(HttpServletRequest request, Documents documents) implements Body {
        @Override
        public InputStream stream() throws IOException {
            return request.getInputStream();
        }

        @Override
        public Charset charset() {
            String name = request.getCharacterEncoding();
            try {
                return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
            } catch (IllegalArgumentException e) {
                throw new BadRequestException("Invalid encoding", "This server does not know the character set " + name, e);
            }
        }

        @Override
        public boolean isForm() {
            return Forms.isForm(request.getContentType());
        }

        @Override
        public Collection<Part> parts() {
            try {
                return request.getParts();
            } catch (ServletException | IllegalArgumentException | IOException e) {
                // Open Liberty throws the same for a form without a boundary as for a full disk.
                String reason = Errors.message(Errors.origin(e));
                if (e instanceof IOException failure && reason.contains("No space left on device")) {
                    throw documents.full(failure);
                }
                throw new BadRequestException("Invalid form", reason, e);
            }
        }
    }

    /** What the agent named for a warm-up. */
    record AtHand(byte[] bytes, Documents documents) implements Body {
        @Override
        public InputStream stream() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public Charset charset() {
            return StandardCharsets.UTF_8;
        }

        @Override
        public boolean isForm() {
            return false;
        }

        @Override
        public Collection<Part> parts() {
            throw new IllegalStateException("This body is no form");
        }
    }
}
