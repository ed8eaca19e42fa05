package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.RefusedException;
import dev.agentruntime.client.RuntimeInfo;
import java.util.List;
import java.util.regex.Pattern;

/** Names of agents. AgentCore's have no hyphens, and names of WARs often have. */
final class Names {

    private static final Pattern RUNTIME = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]{0,47}");

    private static final Pattern OF_VERSION = Pattern.compile("-[a-zA-Z0-9]{10}\\.v[0-9]{1,5}$");

    private Names() {}

    /** The name that a WAR's agent gets: {@code my-agent.war} is {@code my_agent}. */
    static String ofWar(String file) {
        return checked(plain(file.replaceFirst("(?i)\\.war$", "")), "Say --name.");
    }

    /** With '_' for what a name cannot have. */
    static String plain(String name) {
        return name.replaceAll("[^a-zA-Z0-9_]", "_");
    }

    /** @param remedy a sentence */
    static String checked(String name, String remedy) {
        if (!RUNTIME.matcher(name).matches()) {
            throw new Problem(ExitCode.USAGE, "'" + Text.plain(name) + "' cannot be an agent's name. It has 1 to 48 letters, digits and '_', a letter first. " + remedy);
        }
        return name;
    }

    /** What can be asked for its sessions: an agent of the control API is listed once for each version that is prepared, as ID.vNUMBER. */
    static List<String> agents(List<RuntimeInfo> listed) {
        return listed.stream().map(RuntimeInfo::name).map(name -> OF_VERSION.matcher(name).replaceFirst("")).distinct().toList();
    }

    /** {@code name}, or the one that a WAR of this name got where the server has only that. */
    static String known(AgentRuntimeClient client, String name) {
        String other = plain(name);
        if (name.equals(other) || name.startsWith("arn:") || !RUNTIME.matcher(other).matches()) {
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
