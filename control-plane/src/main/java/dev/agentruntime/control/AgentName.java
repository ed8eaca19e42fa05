package dev.agentruntime.control;

import java.util.regex.Pattern;

/** What a version is called among all agents that the platform prepares. */
final class AgentName {

    private static final Pattern OF_VERSION = Pattern.compile(".*\\.v[0-9]{1,5}");

    private AgentName() {}

    static String of(String runtime, int version) {
        return runtime + ".v" + version;
    }

    /** Whether an agent of this name is a version that was made by this API. */
    static boolean isOfVersion(String agent) {
        return OF_VERSION.matcher(agent).matches();
    }
}
