package dev.agentruntime.store;

import java.util.regex.Pattern;

/**
 * Text as every database takes it. A guest or a token decides much of what is stored, and a database refuses the whole
 * transaction for one character it does not know or one too many.
 */
final class Texts {

    /** The class Cc with NUL in it, and halves of surrogate pairs, which UTF-8 does not have. */
    private static final Pattern UNSTORABLE = Pattern.compile("[\\p{Cc}\\p{Cs}]+");

    private Texts() {}

    /** Without control characters, and no longer than a column of {@code most} characters takes. */
    static String cleaned(String text, int most) {
        String clean = UNSTORABLE.matcher(text).replaceAll(" ");
        if (clean.length() <= most) {
            return clean;
        }
        return clean.substring(0, Character.isHighSurrogate(clean.charAt(most - 1)) ? most - 1 : most);
    }

    /** Whether {@code text} is stored as it is. */
    static boolean isStorable(String text, int most) {
        return text.length() <= most && !UNSTORABLE.matcher(text).find();
    }
}
