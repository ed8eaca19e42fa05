package dev.agentruntime.agentctl;

import java.util.List;
import java.util.stream.Collectors;

/** Words for {@code /bin/sh}. */
final class Quoted {

    private Quoted() {}

    static String word(String text) {
        return text.matches("[A-Za-z0-9_./=:,@%+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /** One argument is a line of the shell's own, several are a program and its arguments as they are. */
    static String command(List<String> arguments) {
        return arguments.size() == 1 ? arguments.get(0) : arguments.stream().map(Quoted::word).collect(Collectors.joining(" "));
    }
}
