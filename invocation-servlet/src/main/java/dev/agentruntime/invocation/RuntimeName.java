package dev.agentruntime.invocation;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What of a path names an agent runtime: its name, its id, or its ARN, whose end is the id. */
final class RuntimeName {

    private static final Pattern ARN = Pattern.compile("arn:[^:]*:bedrock-agentcore:[^:]*:[^:]*:runtime/([^/]+)");

    private static final Pattern OF_ENDPOINT = Pattern.compile("/runtime-endpoint/[^/]+$");

    private RuntimeName() {}

    static String of(String segment) {
        Matcher arn = ARN.matcher(segment);
        return arn.matches() ? arn.group(1) : segment;
    }

    /** The same of what may be the ARN of an endpoint, too. */
    static String ofResource(String segment) {
        return of(OF_ENDPOINT.matcher(segment).replaceFirst(""));
    }
}
