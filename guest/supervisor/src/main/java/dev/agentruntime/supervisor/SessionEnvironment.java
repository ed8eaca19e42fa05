package dev.agentruntime.supervisor;

import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The variables that a session gives to a process that runs already: what {@code System.getenv} returns, and MicroProfile Config
 * with it, and what the programs see that the process starts. Values are in no text that this class makes. Not thread-safe.
 *
 * <p>Needs java.lang and java.util to be open to this class.
 */
final class SessionEnvironment {

    /** The C library's own environment, which a child process inherits. */
    interface Inherited {
        void set(String name, String value);

        void unset(String name);
    }

    private final Inherited inherited;

    /** What there was before, of each variable that was changed. */
    private final Map<String, Optional<String>> before = new HashMap<>();

    SessionEnvironment(Inherited inherited) {
        this.inherited = inherited;
    }

    /**
     * Reads variables in the form of /proc/PID/environ.
     *
     * @throws GuestException they are malformed
     */
    static Map<String, String> parse(byte[] bytes) {
        Map<String, String> variables = new LinkedHashMap<>();
        String text = new String(bytes, StandardCharsets.UTF_8);
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf('\0', from);
            int equals = text.indexOf('=', from);
            if (end < 0 || equals <= from || equals > end) {
                throw new GuestException("Variable " + (variables.size() + 1) + " of the session's environment is malformed.");
            }
            variables.put(text.substring(from, equals), text.substring(equals + 1, end));
            from = end + 1;
        }
        return variables;
    }

    /** These are set from now on, and those of the time before are not, unless the process was started with them. */
    void replace(Map<String, String> variables) {
        if (variables.isEmpty() && before.isEmpty()) {
            return;
        }
        Map<String, String> environment = environment();
        before.forEach((name, value) -> put(environment, name, value));
        before.clear();
        variables.forEach((name, value) -> {
            before.put(name, Optional.ofNullable(environment.get(name)));
            put(environment, name, Optional.of(value));
        });
    }

    private void put(Map<String, String> environment, String name, Optional<String> value) {
        if (value.isPresent()) {
            environment.put(name, value.get());
            inherited.set(name, value.get());
        } else {
            environment.remove(name);
            inherited.unset(name);
        }
    }

    /** The map behind the one that {@code System.getenv} shows and nobody may change. */
    @SuppressWarnings("unchecked")
    private static Map<String, String> environment() {
        try {
            Map<String, String> shown = System.getenv();
            Field behind = shown.getClass().getDeclaredField("m");
            behind.setAccessible(true);
            return (Map<String, String>) behind.get(shown);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new GuestException("The session's environment could not be set in this Java runtime: " + e, e);
        }
    }
}
