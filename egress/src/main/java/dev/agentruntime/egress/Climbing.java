package dev.agentruntime.egress;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether some server could take a path for one that goes up. A server may decode a path more than once, cut it at a NUL, read a
 * backslash as a slash, and take bytes that are no proper UTF-8 for the character that they would be.
 */
final class Climbing {

    private static final Pattern UP = Pattern.compile("(^|[/\\\\])\\.{1,2}([/\\\\;?#]|$)");
    private static final Pattern ENCODED = Pattern.compile("(?i)%u00([0-9a-f]{2})|%([0-9a-f]{2})");
    /** A character of ASCII in two to four bytes. */
    private static final Pattern OVERLONG =
            Pattern.compile("(?:[\u00c0\u00c1]|\u00e0[\u0080\u0081]|\u00f0\u0080[\u0080\u0081])[\u0080-\u00bf]");
    private static final int MOST_ROUNDS = 8;

    private Climbing() {}

    /** @param path without its query */
    static boolean isIn(String path) {
        String text = path;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            if (text.indexOf('\0') >= 0 || UP.matcher(text).find()) {
                return true;
            }
            String decoded = decoded(text);
            if (decoded.equals(text)) {
                return false;
            }
            text = decoded;
        }
        // Whoever encodes so often hides something.
        return true;
    }

    /** Each byte as a character. */
    private static String decoded(String text) {
        String bytes = ENCODED.matcher(text).replaceAll(found -> literal(Integer.parseInt(found.group(1) == null ? found.group(2) : found.group(1), 16)));
        return OVERLONG.matcher(bytes).replaceAll(Climbing::shortened);
    }

    private static String shortened(MatchResult found) {
        String bytes = found.group();
        int high = bytes.charAt(bytes.length() - 2) & 1;
        int low = bytes.charAt(bytes.length() - 1) & 0x3f;
        return literal(high << 6 | low);
    }

    private static String literal(int character) {
        return Matcher.quoteReplacement(String.valueOf((char) character));
    }
}
