package dev.agentruntime.libvirt;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What a guest says, made fit for a log, a reason and a database: no line of its own, no escape code, no control character,
 * no change of the direction of writing, and not too much. Whatever a guest has a part in passes here before it is used.
 */
final class GuestText {

    /** The longest sentence, and the longest line of a log, in characters. */
    static final int LONGEST = 1000;

    private static final Pattern COLOUR = Pattern.compile("\\u001b\\[[0-9;?]*[ -/]*[@-~]");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\p{Cs}\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]");

    private GuestText() {}

    /** On one line, and cut. */
    static String sentence(String said) {
        String cut = said.length() <= 4 * LONGEST ? said : said.substring(0, 4 * LONGEST);
        String clean = CONTROL.matcher(COLOUR.matcher(cut).replaceAll("")).replaceAll(" ").strip();
        return clean.length() <= LONGEST ? clean : whole(clean.substring(0, LONGEST)) + "…";
    }

    /** A character of two halves is not cut in the middle. */
    private static String whole(String text) {
        return Character.isHighSurrogate(text.charAt(text.length() - 1)) ? text.substring(0, text.length() - 1) : text;
    }

    /** The last {@code most} lines of a log that are not empty, oldest first. */
    static List<String> lines(String log, int most) {
        List<String> lines = log.lines().map(GuestText::sentence).filter(line -> !line.isEmpty()).toList();
        return lines.subList(Math.max(0, lines.size() - most), lines.size());
    }
}
