package dev.agentruntime.identity;

import java.util.Arrays;
import java.util.Base64;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** A key as text: 256 bits in Base64, as Liberty's {@code securityUtility generateAESKey} and {@code openssl rand -base64 32} write it. */
final class KeyText {

    private static final int BYTES = 32;

    private KeyText() {}

    /**
     * @param origin where it stands, for the message
     * @throws KeyException it is none
     */
    static SecretKey key(String text, String origin) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text.strip());
        } catch (IllegalArgumentException e) {
            throw new KeyException(origin + " is no Base64. Write 256 random bits, as 'openssl rand -base64 32' does");
        }
        try {
            if (bytes.length != BYTES) {
                throw new KeyException(origin + " has " + 8 * bytes.length + " bits. Write 256 random bits in Base64, as 'openssl rand -base64 32' does");
            }
            return new SecretKeySpec(bytes, "AES");
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
