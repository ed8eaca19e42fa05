package dev.agentruntime.tests;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A path with a query that is signed beforehand, by AWS Signature Version 4 as its documentation has it. */
final class SignedUrl {

    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private SignedUrl() {}

    /**
     * Signs a GET.
     *
     * @param host  as the request names it
     * @param query parameters whose names come behind {@code X-Amz-}, encoded and in order
     */
    static String of(String host, String path, String query, String keyId, String secret, String region) {
        String time = TIME.format(Instant.now());
        String date = time.substring(0, 8);
        String scope = date + "/" + region + "/bedrock-agentcore/aws4_request";
        String whole = "X-Amz-Algorithm=" + ALGORITHM + "&X-Amz-Credential=" + keyId + "%2F" + scope.replace("/", "%2F") + "&X-Amz-Date=" + time
                + "&X-Amz-Expires=60&X-Amz-SignedHeaders=host&" + query;
        try {
            String request = "GET\n" + path + "\n" + whole + "\nhost:" + host + "\n\nhost\n" + hex(sha256(""));
            byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
            for (String part : new String[] {date, region, "bedrock-agentcore", "aws4_request"}) {
                key = hmac(key, part);
            }
            return path + "?" + whole + "&X-Amz-Signature=" + hex(hmac(key, ALGORITHM + "\n" + time + "\n" + scope + "\n" + hex(sha256(request))));
        } catch (GeneralSecurityException everyJavaHasThese) {
            throw new IllegalStateException(everyJavaHasThese);
        }
    }

    private static byte[] sha256(String text) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
