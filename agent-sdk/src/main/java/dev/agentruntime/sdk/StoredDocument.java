package dev.agentruntime.sdk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A document in a file. */
record StoredDocument(String name, Optional<String> fileName, Optional<String> contentType, long sizeBytes, Path file)
        implements AgentDocument {

    @Override
    public InputStream open() throws IOException {
        return Files.newInputStream(file);
    }
}
