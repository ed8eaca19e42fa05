package dev.agentruntime.memory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where records are: paths whose parts count as a whole, so that {@code /actors/al} is not above {@code /actors/alice}. */
final class Namespaces {

    private static final Pattern OPEN = Pattern.compile("\\{(actorId|sessionId|memoryStrategyId)\\}");
    private static final String SESSION = "[a-zA-Z0-9][a-zA-Z0-9_-]*";
    private static final String ACTOR = "[a-zA-Z0-9][a-zA-Z0-9_/:-]*";
    /** Where those records of an actor may be that are of no strategy. */
    private static final String OF_NO_STRATEGY = "/actors/{actorId}/";

    private Namespaces() {}

    /** The path and all that it is below, without slashes at their ends; what is at one of them is looked for by it. */
    static List<String> above(String namespace) {
        String path = trimmed(namespace);
        List<String> above = new ArrayList<>(List.of(path));
        for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
            above.add(path.substring(0, slash));
        }
        if (!path.isEmpty()) {
            above.add("");
        }
        return List.copyOf(above);
    }

    /** As {@link #above} writes it. */
    static String trimmed(String path) {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }

    /** Whether {@code namespace} is where records of {@code actor} are, by the strategy; by none, where an actor's are without. */
    static boolean isOf(String namespace, Optional<Strategy> strategy, String actor) {
        Matcher matcher = matcher(namespace, strategy, Pattern.quote(actor));
        return matcher.matches() && template(strategy).contains("{actorId}");
    }

    /** The actor whose records of this strategy are there; empty where the path does not tell. */
    static Optional<String> actor(String namespace, Optional<Strategy> strategy) {
        if (!template(strategy).contains("{actorId}")) {
            return Optional.empty();
        }
        Matcher matcher = matcher(namespace, strategy, ACTOR);
        return matcher.matches() ? Optional.of(matcher.group("actor")).filter(actor -> actor.length() <= OwnActor.LONGEST) : Optional.empty();
    }

    private static String template(Optional<Strategy> strategy) {
        return strategy.map(Strategy::template).orElse(OF_NO_STRATEGY);
    }

    private static Matcher matcher(String namespace, Optional<Strategy> strategy, String actor) {
        StringBuilder pattern = new StringBuilder();
        String template = trimmed(template(strategy));
        Matcher open = OPEN.matcher(template);
        Set<String> known = new HashSet<>();
        int at = 0;
        while (open.find()) {
            pattern.append(Pattern.quote(template.substring(at, open.start())));
            boolean isFirst = known.add(open.group(1)); // the same each time, which also bounds how many ways there are to read a path
            pattern.append(switch (open.group(1)) {
                case "actorId" -> isFirst ? "(?<actor>" + actor + ")" : "\\k<actor>";
                case "sessionId" -> isFirst ? "(?<session>" + SESSION + ")" : "\\k<session>";
                default -> Pattern.quote(strategy.map(Strategy::id).orElse(""));
            });
            at = open.end();
        }
        return Pattern.compile(pattern.append(Pattern.quote(template.substring(at))).toString()).matcher(trimmed(namespace));
    }
}
