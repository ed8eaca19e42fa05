package dev.agentruntime.inbound;

import java.security.Key;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.Use;

/**
 * Who an issuer says it is, and the keys it signs with.
 *
 * @param read when it said so
 */
record IssuerKeys(String issuer, List<PublicJsonWebKey> keys, Instant read) {

    IssuerKeys {
        keys = List.copyOf(keys);
    }

    /**
     * The key for a signature; empty where there is none, and where it is not clear which.
     *
     * @param id        as the token names it; empty where it names none
     * @param type      of the key: RSA or EC
     */
    Optional<Key> find(Optional<String> id, String algorithm, String type) {
        List<PublicJsonWebKey> fitting = keys.stream()
                .filter(key -> id.isEmpty() || id.get().equals(key.getKeyId()))
                .filter(key -> key.getKeyType().equals(type))
                .filter(key -> key.getUse() == null || key.getUse().equals(Use.SIGNATURE))
                .filter(key -> key.getAlgorithm() == null || key.getAlgorithm().equals(algorithm)).toList();
        return fitting.size() == 1 ? Optional.of(fitting.get(0)).map(JsonWebKey::getKey) : Optional.empty();
    }
}
