package dev.agentruntime.invocation;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What of a path names an agent runtime: its name, its id, or its ARN, whose end is the id. */
final class RuntimeName {

    private static final Pattern ARN = Pattern.compile("arn:[^:]*:bedrock-agentcore:([^:]*):([^:]*):runtime/([^/]+)");

    private static final Pattern OF_ENDPOINT = Pattern.compile("/runtime-endpoint/[^/]+$");

    /** Where an ARN says that something is. */
    record Home(String region, String account) {}

    private RuntimeName() {}

    static String of(String segment) {
        Matcher arn = ARN.matcher(segment);
        return arn.matches() ? arn.group(3) : segment;
    }

    /** The same of what may be the ARN of an endpoint, too. */
    static String ofResource(String segment) {
        return of(OF_ENDPOINT.matcher(segment).replaceFirst(""));
    }

    /** Empty where it is no ARN. */
    static Optional<Home> home(String segment) {
        Matcher arn = ARN.matcher(segment);
        return arn.matches() ? Optional.of(new Home(arn.group(1), arn.group(2))) : Optional.empty();
    }
}
