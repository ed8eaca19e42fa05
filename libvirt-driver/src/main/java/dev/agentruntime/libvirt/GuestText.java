package dev.agentruntime.libvirt;

import dev.agentruntime.api.PlainText;
import java.util.List;

/**
 * What a guest says, made fit for a log, a reason and a database: no line of its own, no escape code, no control character,
 * no change of the direction of writing, and not too much. Whatever a guest has a part in passes here before it is used.
 */
final class GuestText {

    /** The longest sentence, and the longest line of a log, in characters. */
    static final int LONGEST = PlainText.LONGEST;

    private GuestText() {}

    /** On one line, and cut. */
    static String sentence(String said) {
        return PlainText.of(said);
    }

    /** The last {@code most} lines of a log that are not empty, oldest first. */
    static List<String> lines(String log, int most) {
        List<String> lines = log.lines().map(GuestText::sentence).filter(line -> !line.isEmpty()).toList();
        return lines.subList(Math.max(0, lines.size() - most), lines.size());
    }
}
