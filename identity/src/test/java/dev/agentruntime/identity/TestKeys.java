package dev.agentruntime.identity;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.SecretKey;

/** Keys of a test's own. */
final class TestKeys {

    private TestKeys() {}

    static String text() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Keys of these ids, of which the first wraps. */
    static VaultKeys of(String... ids) {
        Map<String, SecretKey> keys = new HashMap<>();
        for (String id : ids) {
            keys.put(id, KeyText.key(text(), "a test's key"));
        }
        return new VaultKeys(keys, Optional.of(ids[0]));
    }

    /** The same and those of {@code more}, of which the current one wraps. */
    static VaultKeys both(VaultKeys before, VaultKeys more) {
        Map<String, SecretKey> keys = new HashMap<>(before.keys());
        keys.putAll(more.keys());
        return new VaultKeys(keys, more.current());
    }
}
