package dev.agentruntime.invocation;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A path below the context root; a segment in braces stands for any text and names it. A slash at the end counts. */
record PathPattern(List<String> segments) {

    static PathPattern of(String pattern) {
        return new PathPattern(List.of(pattern.substring(1).split("/", -1)));
    }

    /**
     * What of an undecoded URI is below the context root; empty where nothing is. The root may be encoded in it, and longer.
     */
    static String below(String contextPath, String uri) {
        int at = 0;
        for (long segments = contextPath.chars().filter(c -> c == '/').count(); segments > 0 && at >= 0; segments--) {
            at = uri.indexOf('/', at + 1);
        }
        return at < 0 ? "" : uri.substring(at);
    }

    /**
     * The segments of {@code rawPath}, decoded one by one, so that an ARN's {@code %2F} stays in its own; empty where it cannot
     * be decoded, has an empty segment before its end, one of dots, which signatures do not cover as it stands, or a character that has no
     * business in a path.
     *
     * @param rawPath the path below the context root as the client sent it, undecoded
     */
    static Optional<List<String>> segments(String rawPath) {
        if (!rawPath.startsWith("/")) {
            return Optional.empty();
        }
        try {
            List<String> segments = Arrays.stream(rawPath.substring(1).split("/", -1)).map(PathPattern::decode).toList();
            return Optional.of(segments).filter(PathPattern::areNames);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static String decode(String segment) {
        // A plus sign is a space in forms only, not in paths.
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static boolean areNames(List<String> segments) {
        int last = segments.size() - 1;
        return segments.subList(0, last).stream().noneMatch(String::isEmpty) && segments.stream().allMatch(PathPattern::isText);
    }

    private static boolean isText(String segment) {
        return !segment.equals(".") && !segment.equals("..")
                && segment.chars().noneMatch(c -> Character.isISOControl(c) || c == '\\' || c == 0xfffd);
    }

    /** What the named segments are; empty where the path is another. */
    Optional<Map<String, String>> match(List<String> path) {
        if (path.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            if (segment.startsWith("{") && !path.get(i).isEmpty()) {
                names.put(segment.substring(1, segment.length() - 1), path.get(i));
            } else if (!segment.equals(path.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(names);
    }
}
