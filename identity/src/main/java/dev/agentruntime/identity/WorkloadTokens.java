package dev.agentruntime.identity;

import dev.agentruntime.identity.IdentityException.Kind;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Makes and reads workload access tokens. Only a server that has the vault's key can do either: whoever holds a token sees nothing of what is
 * in it and can change nothing. Thread-safe; does not block.
 */
final class WorkloadTokens {

    private static final String PREFIX = "agwt1.";
    private static final int LONGEST = 16_384;
    private static final Slot SLOT = new Slot(Slot.Kind.TOKEN, "", "", "", "", List.of());

    private final Vault vault;
    private final Supplier<Duration> lifetime;
    private final Clock clock;

    WorkloadTokens(Vault vault, Supplier<Duration> lifetime, Clock clock) {
        this.vault = vault;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /** A token that is taken from now on for its lifetime, in any session and outside. */
    String made(WorkloadRow workload, String issuer, String subject) {
        return made(new Acting(workload.name(), workload.createdAt(), issuer, subject, Optional.of(clock.instant().plus(lifetime.get())), Optional.empty()));
    }

    /** A token that says this. */
    String made(Acting acting) {
        JsonObjectBuilder said = Json.createObjectBuilder().add("workload", acting.workload()).add("since", acting.since().toEpochMilli())
                .add("issuer", acting.issuer()).add("subject", acting.subject());
        acting.until().ifPresent(until -> said.add("until", until.toEpochMilli()));
        acting.session().ifPresent(session -> said.add("session", session.id()).add("begun", session.createdAt().toEpochMilli()));
        Sealed sealed = vault.seal(SLOT, said.build().toString().getBytes(StandardCharsets.UTF_8));
        return PREFIX + text(sealed.keyId().getBytes(StandardCharsets.UTF_8)) + "." + text(bytes(sealed.wrapped())) + "." + text(bytes(sealed.sealed()));
    }

    /**
     * For whom its holder acts.
     *
     * @throws IdentityException it is none of this server's, or is not taken any more: of kind UNAUTHORIZED
     */
    Acting read(String token) {
        String[] parts = token.startsWith(PREFIX) && token.length() <= LONGEST ? token.substring(PREFIX.length()).split("\\.", -1) : new String[0];
        if (parts.length != 3) {
            throw refused();
        }
        Acting acting = acting(parts);
        if (acting.until().filter(until -> !clock.instant().isBefore(until)).isPresent()) {
            throw new IdentityException(Kind.UNAUTHORIZED, "The workload access token has expired. Get a new one.");
        }
        return acting;
    }

    private Acting acting(String[] parts) {
        byte[] opened = new byte[0];
        try {
            Sealed sealed = new Sealed(new String(bytesOf(parts[0]), StandardCharsets.UTF_8), standard(bytesOf(parts[1])), standard(bytesOf(parts[2])));
            opened = vault.open(SLOT, sealed);
            try (JsonReader reader = Json.createReader(new StringReader(new String(opened, StandardCharsets.UTF_8)))) {
                JsonObject said = reader.readObject();
                return new Acting(said.getString("workload", ""), time(said, "since").orElseThrow(WorkloadTokens::refused), said.getString("issuer", ""),
                        said.getString("subject", ""), time(said, "until"),
                        time(said, "begun").map(begun -> new Acting.InSession(said.getString("session", ""), begun)));
            }
        } catch (IllegalArgumentException | IdentityException | JsonException notOurs) {
            throw refused();
        } finally {
            Arrays.fill(opened, (byte) 0);
        }
    }

    private static Optional<Instant> time(JsonObject said, String name) {
        return Optional.ofNullable(said.getJsonNumber(name)).map(number -> Instant.ofEpochMilli(number.longValueExact()));
    }

    private static IdentityException refused() {
        return new IdentityException(Kind.UNAUTHORIZED, "The workload access token is none that this server has made.");
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] bytesOf(String text) {
        return Base64.getUrlDecoder().decode(text);
    }

    private static byte[] bytes(String standard) {
        return Base64.getDecoder().decode(standard);
    }

    private static String standard(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
