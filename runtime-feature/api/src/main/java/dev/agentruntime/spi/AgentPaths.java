package dev.agentruntime.spi;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where an agent's WAR is reached. Each begins with a slash, may have a query, and is encoded as it goes over the wire.
 *
 * @param ping        answers GET with status 200 while the agent is well
 * @param invocations what callers send is sent there
 * @param warmup      where POST has the agent do what its sessions need first, once, before what every session begins with is written
 *                    down; empty where it wants no such request
 */
public record AgentPaths(String ping, String invocations, Optional<String> warmup) {

    private static final Pattern PATH = Pattern.compile("/(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2}){0,255}");

    /** Those of an agent that was made as one. */
    public static final AgentPaths STANDARD = new AgentPaths("/ping", "/invocations");

    /** @throws IllegalArgumentException one of them is no path */
    public AgentPaths {
        if (!isPath(ping) || !isPath(invocations) || !warmup.map(AgentPaths::isPath).orElse(true)) {
            throw new IllegalArgumentException("'" + ping + "', '" + invocations + "' or '" + warmup.orElse("") + "' is no path of a WAR");
        }
    }

    /** Of an agent that wants no request before its sessions. */
    public AgentPaths(String ping, String invocations) {
        this(ping, invocations, Optional.empty());
    }

    /** Whether a WAR may be reached there: a path on its own host, which can be written into a request as it is. */
    public static boolean isPath(String text) {
        return PATH.matcher(text).matches() && !text.startsWith("//");
    }
}
