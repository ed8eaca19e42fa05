package dev.agentruntime.agents;

import dev.agentruntime.agents.ArtifactException.Cure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** The file of configuration that may lie beside an agent's WAR. What it says is looked at by whoever uses it. */
final class ConfigurationFile {

    /** In bytes. */
    static final int LONGEST = 256 * 1024;

    private ConfigurationFile() {}

    /**
     * Its text; empty where there is none.
     *
     * @throws ArtifactException it cannot be used
     * @throws IOException       it cannot be read now
     */
    static Optional<String> read(Path file) throws IOException {
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        // What a link points to lies outside of what its owner put in place, and may be the host's own configuration.
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new ArtifactException("The configuration " + file + " is a symbolic link or a special file. Put the file itself there.", Cure.CHANGE);
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] content = in.readNBytes(LONGEST + 1);
            if (content.length > LONGEST) {
                throw new ArtifactException("The configuration " + file + " is larger than " + LONGEST / 1024 + " KiB. Make it smaller.", Cure.CHANGE);
            }
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString());
        } catch (CharacterCodingException e) {
            throw new ArtifactException("The configuration " + file + " is not written in UTF-8. Write it in UTF-8.", Cure.CHANGE, e);
        }
    }
}
