package dev.agentruntime.features;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells by the names of a WAR's files whether it is one. Not thread-safe. */
final class WarShape {
    private static final String WEB_INF = "WEB-INF/";
    private static final Pattern DEEPER = Pattern.compile("([^/]+)/WEB-INF/.*", Pattern.DOTALL);
    private static final Pattern OTHERWISE_WRITTEN = Pattern.compile("(web-inf)[/\\\\].*", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

    private boolean isWar;
    private Optional<String> otherwise = Optional.empty();

    /** @param name of one of the WAR's files or folders */
    void see(String name) {
        isWar |= name.startsWith(WEB_INF);
        if (otherwise.isEmpty()) {
            otherwise = complaintOf(name);
        }
    }

    private static Optional<String> complaintOf(String name) {
        Matcher deeper = DEEPER.matcher(name);
        if (deeper.matches()) {
            return Optional.of("Its files are in a folder '" + deeper.group(1) + "' inside it: pack what that folder holds, so that WEB-INF is at the top.");
        }
        if (OTHERWISE_WRITTEN.matcher(name).matches()) {
            return Optional.of("It has '" + name + "': a WAR has WEB-INF/ in capital letters and with a slash. Pack it with the tool jar or with Maven.");
        }
        if (name.endsWith(".war") && !name.contains("/")) {
            return Optional.of("It holds the WAR " + name + " and is an EAR then: put the WAR that is inside it in its place.");
        }
        if (name.startsWith("BOOT-INF/")) {
            return Optional.of("It is an executable JAR of Spring Boot: build it with <packaging>war</packaging> and a SpringBootServletInitializer.");
        }
        if (name.endsWith(".class") && !name.startsWith("META-INF/")) {
            return Optional.of("It has classes at its top, as a JAR has: in a WAR they are in WEB-INF/classes.");
        }
        return Optional.empty();
    }

    /** Why the file is no WAR, and what to do. A WAR without WEB-INF may be one: pages need none. */
    Optional<String> complaint() {
        return isWar ? Optional.empty() : otherwise.map(words -> "The file is no WAR, for it has no WEB-INF. " + words);
    }
}
