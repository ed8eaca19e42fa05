package dev.agentruntime.net;

import java.util.Arrays;
import java.util.List;

/** Text from a guest or from server.xml, for logs and answers. */
public final class Texts {

    private static final int SHOWN = 500;

    private Texts() {}

    /** What stands in an attribute, separated by commas or blanks. */
    public static List<String> list(String attribute) {
        return Arrays.stream(attribute.split("[,\\s]+")).filter(text -> !text.isEmpty()).toList();
    }

    /** A host or a URL that could not be read, without the user and the password that may stand in it. */
    public static String withoutUser(String text) {
        int at = text.lastIndexOf('@');
        return shown(at < 0 ? text : "..." + text.substring(at));
    }

    /** Without what could break a line or a terminal, and not long. */
    public static String shown(String text) {
        String plain = text.codePoints().map(c -> c >= ' ' && c < 0x7f ? c : '?')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
        return plain.length() <= SHOWN ? plain : plain.substring(0, SHOWN) + "...";
    }
}
