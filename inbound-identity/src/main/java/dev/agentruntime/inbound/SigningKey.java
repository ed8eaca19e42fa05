package dev.agentruntime.inbound;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The key that a secret makes for one scope, and what is signed with it. */
final class SigningKey {

    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    /** Of nothing. */
    static final String EMPTY = sha256(new byte[0]);

    private static final String HMAC = "HmacSHA256";

    private final byte[] key;
    private final Scope scope;

    private SigningKey(byte[] key, Scope scope) {
        this.key = key;
        this.scope = scope;
    }

    static SigningKey of(String secret, Scope scope) {
        byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.text().split("/")) {
            key = hmac(key, part);
        }
        return new SigningKey(key, scope);
    }

    /** @param dateTime as the request has it */
    String signRequest(String dateTime, String canonicalRequest) {
        return sign(ALGORITHM, dateTime, sha256(canonicalRequest.getBytes(StandardCharsets.UTF_8)));
    }

    /** @param rest what stands after the scope, line by line */
    String sign(String algorithm, String dateTime, String... rest) {
        return HexFormat.of().formatHex(hmac(key, String.join("\n", algorithm, dateTime, scope.text(), String.join("\n", rest))));
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has " + HMAC + ".", e);
        }
    }

    static MessageDigest digest() {
        return digest("SHA-256");
    }

    /** @param algorithm that every Java has */
    static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has " + algorithm + ".", e);
        }
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    /** Takes as long for a wrong one as for a right one. */
    static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
