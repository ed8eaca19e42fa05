package dev.agentruntime.identity;

import com.nimbusds.jwt.SignedJWT;
import dev.agentruntime.store.Sql;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The last verified token of each user, for each workload that acts for them: with it the platform acts on their behalf. It is in no guest:
 * that of a session's owner is in memory as long as the session, any other in the vault. Thread-safe; blocks on the database.
 */
final class UserTokens {

    private static final int MOST_KNOWN = 10_000;

    private final IdentityStore store;
    private final Vault vault;
    private final Function<Acting, Optional<String>> ofSessions;
    private final Clock clock;
    /** Digests of those that are kept already. */
    private final Map<Slot, String> known = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Slot, String> eldest) {
            return size() > MOST_KNOWN;
        }
    });

    /** @param ofSessions the tokens that owners of sessions have come with, for who acts in these */
    UserTokens(IdentityStore store, Vault vault, Function<Acting, Optional<String>> ofSessions, Clock clock) {
        this.store = store;
        this.vault = vault;
        this.ofSessions = ofSessions;
        this.clock = clock;
    }

    private static Slot slot(String workload, String issuer, String subject) {
        return new Slot(Slot.Kind.USER_TOKEN, workload, issuer, subject, "", List.of());
    }

    /** Keeps a token that was verified, until it expires; one that says of no end is of no use later and is not kept. */
    void keep(String workload, String issuer, String subject, String token) {
        Slot slot = slot(workload, issuer, subject);
        String digest = Digests.of(token);
        Optional<Instant> until = end(token);
        if (until.isEmpty() || digest.equals(known.get(slot))) {
            return;
        }
        Sealed sealed = vault.seal(slot, token.getBytes(StandardCharsets.UTF_8));
        store.run(tables -> {
            Secrets secrets = new Secrets(tables.transaction());
            secrets.put(slot, sealed, Sql.storable(clock.instant()));
            secrets.endsAt(slot, Sql.storable(until.get()));
            return slot;
        });
        known.put(slot, digest);
    }

    /** That of the user whom a workload acts for, where it has not expired. */
    Optional<String> find(Acting acting) {
        return ofSessions.apply(acting).or(() -> kept(acting));
    }

    private Optional<String> kept(Acting acting) {
        Slot slot = slot(acting.workload(), acting.issuer(), acting.subject());
        return store.run(tables -> new Secrets(tables.transaction()).find(slot)).map(sealed -> opened(slot, sealed))
                .filter(token -> end(token).filter(end -> clock.instant().isBefore(end)).isPresent());
    }

    private String opened(Slot slot, Sealed sealed) {
        byte[] bytes = vault.open(slot, sealed);
        try {
            return new String(bytes, StandardCharsets.UTF_8);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static Optional<Instant> end(String token) {
        try {
            return Optional.ofNullable(SignedJWT.parse(token).getJWTClaimsSet().getExpirationTime()).map(java.util.Date::toInstant);
        } catch (ParseException e) {
            return Optional.empty();
        }
    }
}
