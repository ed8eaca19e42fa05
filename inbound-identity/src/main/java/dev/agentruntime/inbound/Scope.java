package dev.agentruntime.inbound;

import java.util.Optional;

/**
 * For what a signature was made: the credential scope, and the id of the key before it.
 *
 * @param date   yyyyMMdd
 */
record Scope(String keyId, String date, String region, String service) {

    private static final String LAST = "aws4_request";

    /** Empty where the text is no credential. */
    static Optional<Scope> parse(String credential) {
        String[] parts = credential.split("/", -1);
        return parts.length == 5 && parts[4].equals(LAST) && !parts[0].isEmpty() && parts[1].matches("\\d{8}")
                ? Optional.of(new Scope(parts[0], parts[1], parts[2], parts[3])) : Optional.empty();
    }

    /** Without the key. */
    String text() {
        return String.join("/", date, region, service, LAST);
    }
}
