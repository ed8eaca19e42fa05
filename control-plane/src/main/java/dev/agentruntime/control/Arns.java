package dev.agentruntime.control;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of this server's resources, in the form that AgentCore's clients know. */
record Arns(String region, String account) {

    private static final Pattern RUNTIME = Pattern.compile(
            "arn:[^:]+:bedrock-agentcore:([a-z0-9-]+):([0-9]{12}):runtime/([^/]+)(?:/runtime-endpoint/([^/]+))?");

    /** An agent runtime, or an endpoint of it. */
    record Resource(String runtime, Optional<String> endpoint) {}

    /** Those of a server that was not told its own, which takes every ARN for one of its own. */
    static final String STANDARD_REGION = "local";
    static final String STANDARD_ACCOUNT = "000000000000";

    /**
     * Whether what is in this region and account is this server's.
     *
     * @param otherRegion empty where it is not known
     */
    boolean isOwn(Optional<String> otherRegion, String otherAccount) {
        return (account.equals(STANDARD_ACCOUNT) || account.equals(otherAccount))
                && (region.equals(STANDARD_REGION) || otherRegion.filter(other -> !other.equals(region)).isEmpty());
    }

    String runtime(String id) {
        return "arn:aws:bedrock-agentcore:" + region + ":" + account + ":runtime/" + id;
    }

    String endpoint(String id, String name) {
        return runtime(id) + "/runtime-endpoint/" + name;
    }

    /** What an ARN names; empty where that is no resource of this server. */
    Optional<Resource> resource(String arn) {
        Matcher found = RUNTIME.matcher(arn);
        if (!found.matches() || !found.group(1).equals(region) || !found.group(2).equals(account)) {
            return Optional.empty();
        }
        return Optional.of(new Resource(found.group(3), Optional.ofNullable(found.group(4))));
    }
}
