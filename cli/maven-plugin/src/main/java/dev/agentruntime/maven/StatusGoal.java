package dev.agentruntime.maven;

import java.util.List;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;

/** Shows the project's agent, as {@code agentctl status} does. */
@Mojo(name = "status")
public final class StatusGoal extends AgentGoal {

    @Override
    public void execute() throws MojoFailureException {
        agentctl("status", List.of(name()));
    }
}
