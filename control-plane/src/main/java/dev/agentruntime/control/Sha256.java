package dev.agentruntime.control;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The one digest of this room. */
final class Sha256 {

    private Sha256() {}

    /** One that is to be fed. */
    static MessageDigest begun() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java platform has SHA-256.", e);
        }
    }

    static byte[] of(String text) {
        return begun().digest(text.getBytes(StandardCharsets.UTF_8));
    }
}
