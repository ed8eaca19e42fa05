package dev.agentruntime.inbound;

/** Names of callers, which the ledger and the agents' headers have to take. */
final class Names {

    private static final int MOST_CHARACTERS = 1_024;

    private Names() {}

    /** @throws IllegalArgumentException it is no name; the message names {@code what} */
    static String checked(String what, String name) {
        if (name.codePoints().allMatch(Names::isInvisible) || name.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException(what + " is empty, or has more than " + MOST_CHARACTERS + " characters");
        }
        if (name.codePoints().anyMatch(Names::isNoText)) {
            throw new IllegalArgumentException(what + " has a control character");
        }
        return name;
    }

    private static boolean isInvisible(int character) {
        return Character.isWhitespace(character) || Character.isSpaceChar(character) || Character.getType(character) == Character.FORMAT;
    }

    private static boolean isNoText(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> true;
            default -> false;
        };
    }
}
