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
import java.util.Optional;

/**
 * What came with a request. Read once; closed when the request has been answered.
 *
 * @param instead what the agent named for a warm-up, read in place of what came; one class for both, for a class that only
 *     an invocation needs would be loaded by the first invocation of every session
 */
record Body(HttpServletRequest request, Optional<byte[]> instead, Documents documents) implements AutoCloseable {

    /** @param folder for documents */
    static Body of(HttpServletRequest request, Optional<byte[]> instead, Path folder) {
        return new Body(request, instead, new Documents(folder));
    }

    InputStream stream() throws IOException {
        InputStream received = request.getInputStream();
        return instead.isPresent() ? new ByteArrayInputStream(instead.get()) : received;
    }

    Charset charset() {
        String name = request.getCharacterEncoding();
        try {
            return name == null || instead.isPresent() ? StandardCharsets.UTF_8 : Charset.forName(name);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("Invalid encoding", "This server does not know the character set " + name, e);
        }
    }

    /** Whether {@link #parts()} are there instead of JSON. */
    boolean isForm() {
        return Forms.isForm(request.getContentType()) && instead.isEmpty();
    }

    Collection<Part> parts() {
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

    @Override
    public void close() {
        documents.close();
    }
}
