package dev.agentruntime.egress;

import dev.agentruntime.config.Encoded;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Secrets that Liberty's securityUtility has encoded, such as {@code {xor}LDo8LTor} or {@code {aes}…}. */
final class Secrets {

    private static final Pattern ENCODED = Pattern.compile("(\\{[A-Za-z0-9_:-]{2,20}\\})[A-Za-z0-9+/=]+");
    private static final Pattern ALGORITHM = Pattern.compile("\\{(?:xor|aes[A-Za-z0-9_-]*|custom(?::[A-Za-z0-9_-]+)?)\\}");
    /** What Liberty leaves of a variable that it does not know. */
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z0-9_.-]{1,100})\\}");

    private Secrets() {}

    /**
     * Liberty decodes a value that is encoded as a whole, and none that stands behind a word such as {@code Bearer}; this does both.
     *
     * @throws IllegalArgumentException it cannot be decoded, or names a variable that is not set; the message has nothing else of it
     */
    static String decoded(String text) {
        Matcher variable = VARIABLE.matcher(text);
        if (variable.find()) {
            throw new IllegalArgumentException("the variable " + variable.group(1) + " is not set. Write <variable name=\"" + variable.group(1)
                    + "\" value=\"...\"/> in server.xml");
        }
        Matcher encoded = ENCODED.matcher(text);
        if (encoded.find() && encoded.end() == text.length()) {
            return text.substring(0, encoded.start()) + Encoded.decode(encoded.group(), encoded.group(1));
        }
        Matcher algorithm = ALGORITHM.matcher(text);
        if (algorithm.find()) {
            throw new IllegalArgumentException("what stands behind " + algorithm.group() + " was not written by securityUtility. Encode it again, and let nothing follow it");
        }
        return text;
    }
}
