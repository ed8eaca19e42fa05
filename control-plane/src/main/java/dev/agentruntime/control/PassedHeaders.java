package dev.agentruntime.control;

import dev.agentruntime.requests.FieldProblem;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Which headers an agent may be given besides those that every agent gets, by AgentCore's rules. */
final class PassedHeaders {

    private static final String FIELD = "requestHeaderConfiguration.requestHeaderAllowlist";
    private static final String CUSTOM = "x-amzn-bedrock-agentcore-runtime-custom-";
    private static final List<String> NEVER_BEGIN = List.of("x-amz-", "x-amzn-", "x-agent-runtime-", "sec-", "access-control-", "x-forwarded-",
            "proxy-", "cf-", "cloudfront-", "content-", "accept");
    private static final Set<String> NEVER = Set.of("host", "user-agent", "referer", "cookie", "cookie2", "set-cookie", "set-cookie2", "connection",
            "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "expect", "range", "if-match", "if-none-match", "if-modified-since",
            "if-unmodified-since", "if-range", "cache-control", "pragma", "expires", "age", "etag", "vary", "date", "server", "location",
            "retry-after", "link", "via", "origin", "www-authenticate", "forwarded", "x-real-ip", "x-client-ip", "true-client-ip",
            "x-cluster-client-ip", "x-original-url", "x-rewrite-url", "x-http-method-override", "strict-transport-security",
            "x-frame-options", "x-xss-protection", "x-content-type-options", "referrer-policy", "dnt", "dpr", "width", "viewport-width",
            "downlink", "ect", "rtt", "save-data", "device-memory", "workloadaccesstoken", "oauth2callbackurl", "max-forwards", "warning");

    private PassedHeaders() {}

    /** What of the list in a request cannot be. */
    static List<FieldProblem> problems(JsonObject input) {
        List<FieldProblem> problems = new ArrayList<>();
        if (input.get("requestHeaderConfiguration") instanceof JsonObject configuration
                && configuration.get("requestHeaderAllowlist") instanceof JsonArray names) {
            Set<String> seen = new HashSet<>();
            for (JsonString name : names.getValuesAs(JsonString.class)) {
                problem(name.getString().toLowerCase(Locale.ROOT), seen)
                        .ifPresent(why -> problems.add(new FieldProblem(FIELD, "cannot name " + name.getString() + ": " + why)));
            }
        }
        return problems;
    }

    private static Optional<String> problem(String name, Set<String> seen) {
        if (!seen.add(name)) {
            return Optional.of("it is there already, and capitals do not count");
        }
        boolean never = NEVER.contains(name) || !name.startsWith(CUSTOM) && NEVER_BEGIN.stream().anyMatch(name::startsWith);
        return never ? Optional.of("this header is the platform's, the connection's or the browser's. Take one of your own") : Optional.empty();
    }
}
