package dev.agentruntime.invocation;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What a path below the context root stands for. Segments are decoded one by one, so an ARN's {@code %2F} stays in its own. */
sealed interface Route {

    /** The HTTP methods this path has; empty for a path that means nothing. */
    Set<String> methods();

    record AllRuntimes() implements Route {
        @Override
        public Set<String> methods() {
            return Set.of("GET");
        }
    }

    record OneRuntime(String runtime) implements Route {
        @Override
        public Set<String> methods() {
            return Set.of("GET");
        }
    }

    record Invocations(String runtime) implements Route {
        @Override
        public Set<String> methods() {
            return Set.of("POST");
        }
    }

    record Sessions(String runtime) implements Route {
        @Override
        public Set<String> methods() {
            return Set.of("GET");
        }
    }

    record OneSession(String runtime, String session) implements Route {
        @Override
        public Set<String> methods() {
            return Set.of("GET", "DELETE");
        }
    }

    record Unknown() implements Route {
        @Override
        public Set<String> methods() {
            return Set.of();
        }
    }

    /**
     * Never throws: a path that cannot be decoded is unknown.
     *
     * @param rawPath the path below the context root as the client sent it, undecoded
     */
    static Route of(String rawPath) {
        List<String> segments;
        try {
            segments = Arrays.stream(rawPath.split("/", -1)).skip(1).map(Route::decode).toList();
        } catch (IllegalArgumentException malformed) {
            return new Unknown();
        }
        if (segments.isEmpty() || !segments.get(0).equals("runtimes") || segments.contains("")) {
            return new Unknown();
        }
        return switch (segments.size()) {
            case 1 -> new AllRuntimes();
            case 2 -> new OneRuntime(segments.get(1));
            case 3 -> collection(segments.get(1), segments.get(2));
            case 4 -> segments.get(2).equals("sessions")
                    ? new OneSession(segments.get(1), segments.get(3)) : new Unknown();
            default -> new Unknown();
        };
    }

    private static Route collection(String runtime, String name) {
        return switch (name) {
            case "invocations" -> new Invocations(runtime);
            case "sessions" -> new Sessions(runtime);
            default -> new Unknown();
        };
    }

    private static String decode(String segment) {
        // A plus sign is a space in forms only, not in paths.
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
