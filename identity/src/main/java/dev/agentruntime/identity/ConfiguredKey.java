package dev.agentruntime.identity;

import java.util.function.Supplier;
import javax.crypto.SecretKey;

/**
 * The key that Liberty's own configuration has for AES, or another that stands in server.xml, a variable or the environment.
 *
 * @param text decodes it where it is encoded
 */
record ConfiguredKey(Supplier<String> text) implements KeySource {

    @Override
    public SecretKey key() {
        try {
            return KeyText.key(text.get(), "aesKey");
        } catch (IllegalArgumentException cannotBeDecoded) {
            throw new KeyException("aesKey: " + cannotBeDecoded.getMessage(), cannotBeDecoded);
        }
    }

    @Override
    public String toString() {
        return "aesKey";
    }
}
