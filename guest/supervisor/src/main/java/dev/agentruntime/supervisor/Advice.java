package dev.agentruntime.supervisor;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What to do about the faults that people meet most. */
final class Advice {
    private static final Pattern MISSING_CLASS = Pattern.compile(
            "(?:NoClassDefFoundError: |ClassNotFoundException: |Type )([\\w/.$]+)(?: not found)?");
    private static final Pattern OF_PLATFORM = Pattern.compile("^(jakarta|javax|org\\.eclipse\\.microprofile|io\\.opentelemetry)\\.");
    private static final Map<String, String> BY_WORD = Map.of(
            "UnsupportedClassVersionError", "The guest runs Java 17: compile with <maven.compiler.release>17</maven.compiler.release>.",
            "No space left on device", "The guest keeps all files in its memory: raise `memory` of the agent, or make the WAR smaller.",
            "OutOfMemoryError", "Raise `memory` of the agent, or let it keep less.",
            "not a valid zip", "Build the WAR anew: the file is damaged or no WAR.",
            "CWWKM0101E", "The file is damaged or no WAR: build it anew.");

    private Advice() {
    }

    static Optional<String> on(String cause) {
        Matcher missing = MISSING_CLASS.matcher(cause);
        if (missing.find()) {
            String name = missing.group(1).replace('/', '.');
            // Which feature a class of the platform belongs to, and whether there is one, the host knows.
            return OF_PLATFORM.matcher(name).find() ? Optional.empty() : Optional.of("Put the library that has this class into WEB-INF/lib.");
        }
        return BY_WORD.entrySet().stream().filter(entry -> cause.toLowerCase().contains(entry.getKey().toLowerCase()))
                .map(Map.Entry::getValue).findFirst();
    }
}
