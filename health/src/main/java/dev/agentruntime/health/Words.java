package dev.agentruntime.health;

/** Text of others in our own answers: one line, of bounded length. */
final class Words {

    private Words() {}

    /** Without line breaks and other control characters; what is longer ends in an ellipsis. */
    static String inOneLine(String text, int longest) {
        String line = text.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]+", " ").strip();
        return line.length() > longest ? line.substring(0, longest) + "…" : line;
    }
}
