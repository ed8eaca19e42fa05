package dev.agentruntime.identity;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.crypto.SecretKey;

/** A key in a file, such as a secret that the host's manager mounts. */
record FileKey(Path file) implements KeySource {

    private static final int MOST_BYTES = 1024;

    @Override
    public SecretKey key() {
        byte[] bytes = bytes();
        try {
            if (bytes.length > MOST_BYTES) {
                throw new KeyException("The file " + file + " has more than " + MOST_BYTES + " bytes, which no key has");
            }
            return KeyText.key(new String(bytes, StandardCharsets.US_ASCII), "The file " + file);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private byte[] bytes() {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MOST_BYTES + 1);
        } catch (IOException e) {
            throw new KeyException("The file " + file + " cannot be read (" + e.getClass().getSimpleName() + "). Mount the secret there, readable by the"
                    + " server's user only", e);
        }
    }

    @Override
    public String toString() {
        return "file " + file;
    }
}
