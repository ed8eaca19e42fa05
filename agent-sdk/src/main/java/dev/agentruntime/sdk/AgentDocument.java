package dev.agentruntime.sdk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A document that came with an invocation: a part of a multipart form, or base64 text in a JSON object. To take documents, an entrypoint's
 * body is a record or class with components or fields of this type, or lists of it.
 *
 * <p>It lies in a file, not in the heap, until the invocation has been answered; move or copy the file to keep it. Thread-safe.
 */
public interface AgentDocument {

    /** The name of the field that it came in. */
    String name();

    /** The file's name as the caller gives it, which is nothing to trust. A form has one for each file, JSON has none. */
    Optional<String> fileName();

    /** The media type as the caller gives it: a part's own, or that of a {@code data:} URL. */
    Optional<String> contentType();

    /** Its size, decoded. */
    long sizeBytes();

    /** Where it lies. */
    Path file();

    /** Opens it for reading; the caller closes. */
    InputStream open() throws IOException;
}
