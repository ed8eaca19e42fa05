package dev.agentruntime.spi;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a guest is given when its session begins. Values of the environment may be secret: they are in no text that this
 * class makes.
 *
 * @param sessionId   the session's
 * @param environment variables that the agent and what it starts see; names of letters, digits, '_', '.' and '-', and at most
 *                    {@value #MOST_ENVIRONMENT} bytes in all; keeps its order
 * @param outbounds   the names that lead out of the guest, each once and at most {@value #MOST_OUTBOUNDS}
 */
public record SessionStart(String sessionId, Map<String, String> environment, List<OutboundName> outbounds) {

    /** Names and values of the environment together, in bytes of UTF-8. */
    public static final int MOST_ENVIRONMENT = 64 * 1024;

    /** The most variables. */
    public static final int MOST_VARIABLES = 256;

    /** The most names that lead out of a guest. */
    public static final int MOST_OUTBOUNDS = 100;

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,254}");

    /** @throws IllegalArgumentException something is malformed, too much or there twice; the message names it, and no value */
    public SessionStart {
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        outbounds = List.copyOf(outbounds);
        environment.forEach(SessionStart::check);
        long bytes = environment.entrySet().stream().mapToLong(entry -> length(entry.getKey()) + length(entry.getValue())).sum();
        require(bytes <= MOST_ENVIRONMENT, "The environment has " + bytes + " bytes, more than " + MOST_ENVIRONMENT
                + ": give large values another way, such as a request to the agent");
        require(environment.size() <= MOST_VARIABLES, "The environment has " + environment.size() + " variables, more than " + MOST_VARIABLES);
        require(outbounds.size() <= MOST_OUTBOUNDS, "There are " + outbounds.size() + " outbounds, more than " + MOST_OUTBOUNDS);
        require(outbounds.stream().map(OutboundName::name).distinct().count() == outbounds.size(), "Two outbounds have one name: " + outbounds);
    }

    /** With nothing but its id. */
    public static SessionStart of(String sessionId) {
        return new SessionStart(sessionId, Map.of(), List.of());
    }

    private static void check(String name, String value) {
        require(VARIABLE.matcher(name).matches(), "The name of a variable begins with a letter or '_' and has letters, digits, '_', '.' and"
                + " '-', at most 255 of them: '" + name + "'");
        require(value.indexOf('\0') < 0, "The value of the variable " + name + " has a byte that is zero");
    }

    private static long length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void require(boolean kept, String otherwise) {
        if (!kept) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    @Override
    public String toString() {
        return "SessionStart[sessionId=" + sessionId + ", environment=" + environment.keySet() + ", outbounds=" + outbounds + "]";
    }
}
