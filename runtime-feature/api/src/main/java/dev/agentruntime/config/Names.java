package dev.agentruntime.config;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What to tell whoever has written a name that there is not, as of an attribute or an element. */
public final class Names {

    /** More are not read in a sentence. */
    private static final int MOST_LISTED = 16;
    private static final int MOST_MISTAKES = 2;

    private Names() {}

    /** In a sentence: the name that was probably meant, or else those that there are. */
    static String advice(String given, List<String> known) {
        return near(given, known).map(name -> "Did you mean " + name + "?")
                .orElseGet(() -> known.size() <= MOST_LISTED ? "It has " + listed(known) + "." : "configuration.md lists what it has.");
    }

    /** The one of {@code known} that was probably meant. */
    public static Optional<String> near(String given, List<String> known) {
        return known.stream().filter(name -> isNear(given, name)).min(Comparator.comparingInt(name -> mistakes(given, name)));
    }

    /** Whether {@code given} may be a mistyped {@code name}. */
    static boolean isNear(String given, String name) {
        int mistakes = mistakes(given, name);
        return mistakes <= MOST_MISTAKES && 2 * mistakes <= name.length() || given.equalsIgnoreCase(name);
    }

    /** How many letters were left out, added or mistaken. */
    private static int mistakes(String given, String name) {
        int[] before = new int[name.length() + 1];
        for (int j = 0; j <= name.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= given.length(); i++) {
            int[] now = new int[name.length() + 1];
            now[0] = i;
            for (int j = 1; j <= name.length(); j++) {
                int mistaken = before[j - 1] + (given.charAt(i - 1) == name.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(mistaken, 1 + Math.min(before[j], now[j - 1]));
            }
            before = now;
        }
        return before[name.length()];
    }

    private static String listed(List<String> names) {
        int last = names.size() - 1;
        return last < 1 ? String.join("", names) : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }
}
