package dev.agentruntime.inbound;

import dev.agentruntime.api.Caller;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tokens that were found good, so that a caller's next request costs no signature. One is taken for good only by who found it good, with the very
 * keys and settings it was found good with, and within its times; all else is judged anew, and what was refused is not kept. Tokens are known by
 * their SHA-256, not by their text: what is compared tells nobody how much of a guess was right, and a dump of the heap has no credentials of
 * here. Beyond so many those are forgotten that were not used for the longest time. Thread-safe.
 */
final class KnownTokens {

    private record Token(Object judge, ByteBuffer digest) {}

    /**
     * What a token was found to be.
     *
     * @param keys        its issuer's, as they were, which this keeps from no collection of garbage
     * @param tenantClaim the claim that named the caller's tenant
     * @param validFrom   the first second by the clock in which it is good
     * @param validUntil  the first second by the clock in which it is not
     */
    record Known(Caller caller, WeakReference<IssuerKeys> keys, String tenantClaim, long validFrom, long validUntil) {}

    private final Map<Token, Known> tokens;

    KnownTokens(int most) {
        tokens = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Token, Known> eldest) {
                return size() > most;
            }
        };
    }

    static ByteBuffer digest(String token) {
        return ByteBuffer.wrap(SigningKey.digest().digest(token.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Whose it is; empty where it has to be judged.
     *
     * @param judge who asks: what stands for it is the same each time, and no other's
     * @param keys  the issuer's of this moment; others make that every token of the issuer's is judged anew
     */
    synchronized Optional<Caller> find(Object judge, ByteBuffer digest, IssuerKeys keys, String tenantClaim, long nowSeconds) {
        Token token = new Token(judge, digest);
        Known known = tokens.get(token);
        if (known == null) {
            return Optional.empty();
        }
        if (!known.keys.refersTo(keys) || !known.tenantClaim.equals(tenantClaim) || nowSeconds < known.validFrom || nowSeconds >= known.validUntil) {
            tokens.remove(token);
            return Optional.empty();
        }
        return Optional.of(known.caller);
    }

    synchronized void keep(Object judge, ByteBuffer digest, Known known) {
        tokens.put(new Token(judge, digest), known);
    }

    synchronized int size() {
        return tokens.size();
    }
}
