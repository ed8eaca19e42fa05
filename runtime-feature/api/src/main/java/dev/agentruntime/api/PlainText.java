package dev.agentruntime.api;

import java.util.regex.Pattern;

/**
 * Text in which a guest, a token or a library had a part, made fit for one line of a log, a reason, a database and a page: no line
 * of its own, no escape code, no control character, no change of the direction of writing, and not too much.
 */
public final class PlainText {

    /** In characters. */
    public static final int LONGEST = 1000;

    private static final Pattern COLOUR = Pattern.compile("\\u001b\\[[0-9;?]*[ -/]*[@-~]");
    /** Control and format characters, halves of surrogate pairs, what is no character, separators of lines and paragraphs. */
    private static final Pattern NO_TEXT = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Cn}\\p{Zl}\\p{Zp}]+");

    private PlainText() {}

    /** On one line, without colours, with one space for what is no text, and cut, with an ellipsis, at {@link #LONGEST}. */
    public static String of(String text) {
        String part = text.length() <= 4 * LONGEST ? text : text.substring(0, 4 * LONGEST);
        String plain = NO_TEXT.matcher(COLOUR.matcher(part).replaceAll("")).replaceAll(" ").strip();
        return plain.length() <= LONGEST ? plain : whole(plain.substring(0, LONGEST - 1)) + "…";
    }

    /** A character of two halves is not cut in the middle. */
    private static String whole(String text) {
        return Character.isHighSurrogate(text.charAt(text.length() - 1)) ? text.substring(0, text.length() - 1) : text;
    }
}
