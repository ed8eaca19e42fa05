package dev.agentruntime.sdk;

import java.io.IOException;
import java.nio.file.Path;

/** There is no room for a document, or its file cannot be written. */
final class DocumentStorageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    DocumentStorageException(Path folder, IOException failure) {
        super("A document cannot be kept in " + folder + ": " + Errors.message(failure)
                + ". Files of a session lie in its memory: raise the agent's memory, or send less", failure);
    }
}
