package dev.agentruntime.supervisor;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Seeds drawn from the host's entropy: each label gives its own, none tells anything about another. */
final class Entropy {
    static final int BYTES = 64;

    private final byte[] secret;
    private final String process;

    Entropy(byte[] secret, String process) {
        if (secret.length < BYTES) {
            throw new GuestException("The host sent " + secret.length + " bytes of entropy; " + BYTES + " are needed to start a session.");
        }
        this.secret = secret.clone();
        this.process = process;
    }

    /** 64 bytes for the thing named {@code label}. */
    byte[] bytes(String label) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-512");
            digest.update(secret);
            digest.update(process.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            return digest.digest(label.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new GuestException("This Java has no SHA-512, so nothing can be reseeded.", e);
        }
    }

    /** A number other than zero, which some generators cannot be seeded with. */
    long number(String label) {
        long number = ByteBuffer.wrap(bytes(label)).getLong();
        return number == 0 ? 1 : number;
    }
}
