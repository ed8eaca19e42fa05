package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.RefusedException;
import java.util.regex.Pattern;

/** Names of agents. AgentCore's have no hyphens, and names of WARs often have. */
final class Names {

    private static final Pattern RUNTIME = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]{0,47}");

    private Names() {}

    /** The name that a WAR's agent gets: {@code my-agent.war} is {@code my_agent}. */
    static String ofWar(String file) {
        return checked(file.replaceFirst("(?i)\\.war$", "").replaceAll("[^a-zA-Z0-9_]", "_"));
    }

    static String checked(String name) {
        if (!RUNTIME.matcher(name).matches()) {
            throw new Problem(ExitCode.USAGE, "'" + Text.plain(name) + "' cannot be an agent's name. It has 1 to 48 letters, digits and '_', a letter first."
                    + " Say --name.");
        }
        return name;
    }

    /** {@code name}, or the same with {@code _} for each {@code -} where the server has only that. */
    static String known(AgentRuntimeClient client, String name) {
        String other = name.replace('-', '_');
        if (!name.contains("-") || name.startsWith("arn:") || !RUNTIME.matcher(other).matches()) {
            return name;
        }
        try {
            client.runtime(name);
            return name;
        } catch (RefusedException refused) {
            if (refused.kind() != RefusedException.Kind.NOT_FOUND) {
                return name;
            }
        }
        try {
            client.runtime(other);
            return other;
        } catch (RefusedException refused) {
            return name;
        }
    }
}
