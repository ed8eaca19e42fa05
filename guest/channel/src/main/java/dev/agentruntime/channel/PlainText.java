package dev.agentruntime.channel;

import java.util.regex.Pattern;

/** Text of a guest made fit for a log line or a database column: nothing in it begins a line, moves a cursor or turns text round. */
final class PlainText {

    private static final Pattern COLOUR = Pattern.compile("\\u001b\\[[0-9;?]*[ -/]*[@-~]");
    /** Control characters, separators of lines and paragraphs, and the marks that change the direction of writing. */
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]");

    private PlainText() {
    }

    /** {@code text} without colours and with a space for each control character. */
    static String of(String text) {
        return CONTROL.matcher(COLOUR.matcher(text).replaceAll("")).replaceAll(" ");
    }
}
