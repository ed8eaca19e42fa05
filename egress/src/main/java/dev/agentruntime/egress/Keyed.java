package dev.agentruntime.egress;

import dev.agentruntime.spi.WantedCredential;
import java.util.regex.Pattern;

/**
 * A header that the host adds with the credential of a provider, which it gets for each request and for that request's session.
 *
 * @param wanted what, of which provider
 * @param before in the header, what stands before the credential
 * @param after  what stands behind it
 */
record Keyed(WantedCredential wanted, String header, String before, String after) {

    static final String HEADER = "Authorization";

    private static final String PLACE = "{credential}";
    private static final String BEARER = "Bearer " + PLACE;
    private static final Pattern PROVIDER = Pattern.compile("[a-zA-Z0-9_-]{1,128}");

    /**
     * @param format of the header's value, with the credential's place in it; empty for the usual one of the header
     * @throws IllegalArgumentException one of these is none
     */
    static Keyed of(WantedCredential wanted, String header, String format) {
        if (!PROVIDER.matcher(wanted.provider()).matches()) {
            throw new IllegalArgumentException("the attribute credential is the name of a credential provider: 1 to 128 letters, digits, '_' and '-'");
        }
        String whole = !format.isEmpty() ? format : header.equalsIgnoreCase(HEADER) ? BEARER : PLACE;
        int place = whole.indexOf(PLACE);
        if (place < 0 || place != whole.lastIndexOf(PLACE) || !isValue(whole)) {
            throw new IllegalArgumentException("the attribute format is the value of a header with " + PLACE + " in it once, such as " + BEARER);
        }
        return new Keyed(wanted, header, whole.substring(0, place), whole.substring(place + PLACE.length()));
    }

    /** @throws Refusal.RefusedException it cannot be in a header */
    Credential with(String secret) {
        if (secret.isEmpty() || !isValue(secret)) {
            throw Refusal.denied("The credential of the provider " + wanted.provider() + " is empty or has characters that no header may have.").exception();
        }
        return new Credential(header, before + secret + after);
    }

    static boolean isValue(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    }

    @Override
    public String toString() {
        return header + " of the credential provider " + wanted.provider();
    }
}
