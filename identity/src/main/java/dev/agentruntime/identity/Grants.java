package dev.agentruntime.identity;

import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import dev.agentruntime.store.Sql;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What users have consented to, in the vault. An access token is renewed a minute before it expires, by one of those who ask for it, on one
 * server: a refresh token is often good for one use. Thread-safe; blocks on the database and on providers.
 */
final class Grants {

    /** A server that was killed while it renewed one holds up others for so long. */
    static final Duration LEASE = Duration.ofSeconds(60);

    /** What a grant is, and for which client of its provider. */
    private record Kept(Issued issued, String client, Sealed sealed) {}

    private final IdentityStore store;
    private final Vault vault;
    private final TokenEndpoint endpoint;
    private final Clock clock;
    private final Flights<Slot, Optional<Issued>> flights = new Flights<>();

    Grants(IdentityStore store, Vault vault, TokenEndpoint endpoint, Clock clock) {
        this.store = store;
        this.vault = vault;
        this.endpoint = endpoint;
        this.clock = clock;
    }

    /**
     * The access token of the grant in {@code slot}; empty where there is none, or none any more.
     *
     * @throws ProviderException it has expired, and the provider does not answer
     */
    Optional<String> accessToken(Slot slot, Provider provider) {
        Optional<Kept> kept = kept(slot, provider);
        if (kept.isEmpty() || kept.get().issued().isFresh(clock.instant())) {
            return kept.map(one -> one.issued().accessToken());
        }
        return flights.fly(slot, () -> renewed(slot, provider)).map(Issued::accessToken);
    }

    private Optional<Issued> renewed(Slot slot, Provider provider) {
        Optional<Kept> kept = kept(slot, provider);
        Instant now = Sql.storable(clock.instant());
        if (kept.isEmpty() || kept.get().issued().isFresh(now)) {
            return kept.map(Kept::issued);
        }
        Issued known = kept.get().issued();
        Sealed before = kept.get().sealed();
        if (known.refresh().isEmpty()) {
            return known.isValid(now) ? Optional.of(known) : gone(slot, before);
        }
        if (!store.run(tables -> new Secrets(tables.transaction()).lease(slot, before, now, now.plus(LEASE)))) {
            return stillGood(known, now, new ProviderException(Optional.empty(), "another server renews it"));
        }
        try {
            Issued again = endpoint.issued(provider, new RefreshTokenGrant(new RefreshToken(known.refresh().get())), Asked.ofScopes(List.of()), Map.of());
            Issued merged = new Issued(again.accessToken(), again.refresh().or(known::refresh), again.until());
            Sealed sealed = sealed(slot, provider, merged);
            boolean there = store.run(tables -> new Secrets(tables.transaction()).replace(slot, before, sealed, Sql.storable(clock.instant())));
            return there ? Optional.of(merged) : Optional.empty(); // else it was revoked meanwhile
        } catch (ProviderException refused) {
            if (refused.isInvalidGrant()) {
                return gone(slot, before);
            }
            store.run(tables -> new Secrets(tables.transaction()).lease(slot, before, now.plus(LEASE), Instant.EPOCH));
            return stillGood(known, now, refused);
        }
    }

    private static Optional<Issued> stillGood(Issued known, Instant now, ProviderException otherwise) {
        if (known.isValid(now)) {
            return Optional.of(known);
        }
        throw otherwise;
    }

    private Optional<Issued> gone(Slot slot, Sealed sealed) {
        store.run(tables -> new Secrets(tables.transaction()).delete(slot, sealed));
        return Optional.empty();
    }

    private Optional<Kept> kept(Slot slot, Provider provider) {
        return store.run(tables -> new Secrets(tables.transaction()).find(slot)).map(sealed -> opened(slot, sealed))
                .filter(kept -> kept.client().equals(Digests.client(provider)));
    }

    private Kept opened(Slot slot, Sealed sealed) {
        byte[] bytes = vault.open(slot, sealed);
        try (JsonReader reader = Json.createReader(new StringReader(new String(bytes, StandardCharsets.UTF_8)))) {
            JsonObject json = reader.readObject();
            return new Kept(new Issued(json.getString("access"), Optional.ofNullable(json.getString("refresh", null)),
                    Optional.ofNullable(json.getJsonNumber("until")).map(number -> Instant.ofEpochMilli(number.longValueExact()))), json.getString("client"), sealed);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** As it is kept. */
    Sealed sealed(Slot slot, Provider provider, Issued issued) {
        JsonObjectBuilder json = Json.createObjectBuilder().add("access", issued.accessToken()).add("client", Digests.client(provider));
        issued.refresh().ifPresent(token -> json.add("refresh", token));
        issued.until().ifPresent(until -> json.add("until", until.toEpochMilli()));
        byte[] bytes = json.build().toString().getBytes(StandardCharsets.UTF_8);
        try {
            return vault.seal(slot, bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
