package dev.agentruntime.identity;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What a secret is and whose. It is bound to the secret: at another place it cannot be read.
 *
 * @param kind     of secret
 * @param workload for which it is; empty text for a provider's own
 * @param issuer   of the user whose it is; empty text where it is nobody's
 * @param subject  of the user
 * @param provider its credential provider
 * @param scopes   what it gives a right to, sorted
 */
record Slot(Kind kind, String workload, String issuer, String subject, String provider, List<String> scopes) {

    /** Kinds of secrets. */
    enum Kind {
        /** An API key, which is its provider's. */
        API_KEY,
        /** What the platform shows an OAuth2 provider. */
        CLIENT_SECRET,
        /** What an OAuth2 provider has issued for a user who consented. */
        GRANT,
        /** What of a consent that is not complete yet is secret. */
        CONSENT,
        /** A user's own token, with which is acted on their behalf. */
        USER_TOKEN,
        /** What a workload access token says, which no row has. */
        TOKEN
    }

    private static final int FORMAT = 1;

    /** Sorts the scopes: their order means nothing. */
    Slot {
        scopes = scopes.stream().distinct().sorted().toList();
    }

    /** A secret that belongs to its provider. */
    static Slot ofProvider(Kind kind, String provider) {
        return new Slot(kind, "", "", "", provider, List.of());
    }

    /** Every part with its length before it, so that no two slots have the same bytes. */
    byte[] bytes() {
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream(); DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(FORMAT);
            for (String part : List.of(kind.name(), workload, issuer, subject, provider)) {
                write(out, part);
            }
            out.writeInt(scopes.size());
            for (String scope : scopes) {
                write(out, scope);
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(DataOutputStream out, String part) throws IOException {
        byte[] text = part.getBytes(StandardCharsets.UTF_8);
        out.writeInt(text.length);
        out.write(text);
    }

    /** Names the slot in 64 characters. */
    String id() {
        return digest(bytes());
    }

    /** Names the user in 64 characters. */
    String owner() {
        return owner(issuer, subject);
    }

    static String owner(String issuer, String subject) {
        return digest((issuer.length() + ":" + issuer + subject).getBytes(StandardCharsets.UTF_8));
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256.", e);
        }
    }
}
