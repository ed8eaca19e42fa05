package dev.agentruntime.maven;

import java.util.List;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;

/** Deletes the project's agent with its versions, as {@code agentctl destroy --yes} does. */
@Mojo(name = "undeploy")
public final class UndeployGoal extends AgentGoal {

    @Override
    public void execute() throws MojoFailureException {
        agentctl("destroy", List.of(name(), "--yes"));
    }
}
