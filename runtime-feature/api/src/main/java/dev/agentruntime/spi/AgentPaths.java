package dev.agentruntime.spi;

import java.util.regex.Pattern;

/**
 * Where an agent's WAR is reached. Each begins with a slash, may have a query, and is encoded as it goes over the wire.
 *
 * @param ping        answers GET with status 200 while the agent is well
 * @param invocations what callers send is sent there
 */
public record AgentPaths(String ping, String invocations) {

    private static final Pattern PATH = Pattern.compile("/(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2}){0,255}");

    /** Those of an agent that was made as one. */
    public static final AgentPaths STANDARD = new AgentPaths("/ping", "/invocations");

    /** @throws IllegalArgumentException one of them is no path */
    public AgentPaths {
        if (!isPath(ping) || !isPath(invocations)) {
            throw new IllegalArgumentException("'" + ping + "' or '" + invocations + "' is no path of a WAR");
        }
    }

    /** Whether a WAR may be reached there: a path on its own host, which can be written into a request as it is. */
    public static boolean isPath(String text) {
        return PATH.matcher(text).matches() && !text.startsWith("//");
    }
}
