package dev.agentruntime.maven;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/** Asks the project's agent, as {@code agentctl invoke} does. */
@Mojo(name = "invoke", requiresProject = true)
public final class InvokeGoal extends AgentGoal {

    /** What it is asked. */
    @Parameter(property = "agent.body", defaultValue = "{}")
    private String body;

    /** A session to go on in. */
    @Parameter(property = "agent.session")
    private String session;

    @Override
    public void execute() throws MojoFailureException {
        List<String> arguments = new ArrayList<>(List.of(name(), body));
        Optional.ofNullable(session).ifPresent(id -> arguments.add("--session=" + id));
        agentctl("invoke", arguments);
    }
}
