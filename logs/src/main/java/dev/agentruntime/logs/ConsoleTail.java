package dev.agentruntime.logs;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The end of a dead guest's console, which repeats some of the guest's log. */
final class ConsoleTail {

    /** A line of Open Liberty's log, with what it puts in front. */
    private static final Pattern RECORD = Pattern.compile("\\[[^\\]]{10,60}\\] [0-9a-f]{8} .{0,110}? [A-Z](| .*)");
    /** Where the guest cuts a long line. */
    private static final String CUT = "…";

    private ConsoleTail() {}

    /** What of it is not in the log. A line that only holds something that was logged is not: an agent could hide what it says. */
    static List<String> missing(List<String> console, List<String> logged) {
        Set<String> known = logged.stream().map(String::strip).collect(Collectors.toSet());
        return console.stream().map(LineText::of).filter(line -> !line.isBlank() && !isKnown(line, known)).toList();
    }

    private static boolean isKnown(String line, Set<String> known) {
        Optional<String> ofRecord = Optional.of(RECORD.matcher(line)).filter(Matcher::matches).map(record -> record.group(1).strip());
        String text = ofRecord.orElse(line.strip());
        if (text.isEmpty() || known.contains(text)) {
            return true;
        }
        boolean cut = text.endsWith(CUT);
        String beginning = cut ? text.substring(0, text.length() - CUT.length()) : text;
        return known.stream().anyMatch(said -> cut && said.startsWith(beginning) || ofRecord.isPresent() && isAfterALogger(said, beginning, cut));
    }

    /** The log names the logger before the text, the console before that. */
    private static boolean isAfterALogger(String said, String beginning, boolean cut) {
        return cut ? said.contains(": " + beginning) : said.endsWith(": " + beginning);
    }
}
