package com.ibm.websphere.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** In the place of Liberty's, which is there in a server only. */
public final class PasswordUtil {

    private PasswordUtil() {}

    /** Undoes {@code {xor}}, and has no key for anything else. */
    public static String decode(String encoded) {
        if (!encoded.startsWith("{xor}")) {
            throw new IllegalStateException("no key for " + encoded);
        }
        byte[] bytes = Base64.getDecoder().decode(encoded.substring("{xor}".length()));
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= '_';
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
