package dev.agentruntime.spi;

import java.nio.file.Path;

/**
 * A file of which an agent version is made.
 *
 * @param kind   how a guest runs it
 * @param file   the file; not changed while a template is made of it
 * @param digest SHA-256 of the file in lower-case hexadecimal
 */
public record Artifact(Kind kind, Path file, String digest) {

    /** What a guest does with it. */
    public enum Kind {
        /** A web application that Open Liberty runs. */
        WAR,
        /** A ZIP with libraries that its server loads. */
        LIBRARIES
    }
}
