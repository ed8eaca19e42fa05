package dev.agentruntime.maven;

import dev.agentruntime.agentctl.Main;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;

/** What every goal has. Server and login are agentctl's: its environment, its settings, and what it has kept. */
abstract class AgentGoal extends AbstractMojo {

    /** The agent. */
    @Parameter(property = "agent.name", defaultValue = "${project.artifactId}", required = true)
    private String name;

    /** The server, as https://HOST:PORT/agents, where it is not agentctl's own. */
    @Parameter(property = "agent.server")
    private String server;

    /** Certificates that are trusted, where they are not agentctl's own. */
    @Parameter(property = "agent.trust")
    private File trust;

    final String name() {
        return name;
    }

    final void agentctl(String command, List<String> arguments) throws MojoFailureException {
        List<String> all = new ArrayList<>(List.of(command));
        Optional.ofNullable(server).ifPresent(url -> all.add("--server=" + url));
        Optional.ofNullable(trust).ifPresent(file -> all.add("--trust=" + file));
        all.addAll(arguments);
        run(all);
    }

    static void run(List<String> words) throws MojoFailureException {
        int code = Main.run(words.toArray(String[]::new));
        if (code != 0) {
            throw new MojoFailureException("agentctl " + words.get(0) + " ended with " + code + "; what it said stands above.");
        }
    }
}
