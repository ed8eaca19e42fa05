package dev.agentruntime.logs;

/** A line of a guest's made fit for files, pages and the host's log: nothing in it begins a line, moves a cursor or turns text round. */
final class LineText {

    /** The longest line that is kept, in characters. */
    static final int LONGEST = 4097;

    private static final char ESCAPE = 0x1b;

    private LineText() {}

    /** Without colours and with a space for every other control character; blanks at the front stay, as stack traces have them. */
    static String of(String said) {
        StringBuilder plain = new StringBuilder(Math.min(said.length(), LONGEST));
        for (int i = 0; i < said.length() && plain.length() < LONGEST; ) {
            int c = said.codePointAt(i);
            if (c == ESCAPE && i + 1 < said.length() && said.charAt(i + 1) == '[') {
                i = afterColour(said, i + 2);
                continue;
            }
            i += Character.charCount(c);
            if (isPlain(c)) {
                plain.appendCodePoint(c);
            } else {
                plain.append(' ');
            }
        }
        return plain.toString().stripTrailing();
    }

    private static int afterColour(String said, int from) {
        int end = from;
        while (end < said.length() && said.charAt(end) >= ' ' && said.charAt(end) < '@') {
            end++;
        }
        return Math.min(end + 1, said.length());
    }

    private static boolean isPlain(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR, Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
