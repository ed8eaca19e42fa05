package dev.agentruntime.control;

import dev.agentruntime.api.RoomOperations.Header;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The SHA-256 that an upload announces: {@code Content-Digest} (RFC 9530), or {@code x-amz-checksum-sha256} as for S3. */
final class UploadDigest {

    private static final Pattern SHA_256 = Pattern.compile("(?:^|,)\\s*sha-256=:([A-Za-z0-9+/=]*):");
    private static final Pattern NAMED = Pattern.compile("(?:^|,)\\s*sha-256\\s*(?:$|[=,;])");

    private UploadDigest() {}

    /**
     * In lower-case hexadecimal; empty where none is announced.
     *
     * @throws ControlException it is malformed
     */
    static Optional<String> of(Header header) {
        return header.get("x-amz-checksum-sha256").or(() -> header.get("content-digest").flatMap(UploadDigest::sha256)).map(UploadDigest::hex);
    }

    private static Optional<String> sha256(String field) {
        Matcher found = SHA_256.matcher(field);
        if (found.find()) {
            return Optional.of(found.group(1));
        }
        if (NAMED.matcher(field).find()) { // whoever announces one relies on its being compared
            throw malformed();
        }
        return Optional.empty();
    }

    private static String hex(String base64) {
        try {
            byte[] digest = Base64.getDecoder().decode(base64.strip());
            if (digest.length == 32) {
                return HexFormat.of().formatHex(digest);
            }
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
        throw malformed();
    }

    private static ControlException malformed() {
        return ControlException.invalid("digest", "must be a SHA-256 in Base64");
    }
}
