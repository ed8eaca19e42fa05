package dev.agentruntime.maven;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/** Deploys the project's WAR and waits until it is ready, as {@code agentctl deploy --wait} does. */
@Mojo(name = "deploy")
public final class DeployGoal extends AgentGoal {

    /** The WAR. */
    @Parameter(property = "agent.war", defaultValue = "${project.build.directory}/${project.build.finalName}.war", required = true)
    private File war;

    /** An endpoint that is to lead to the version. */
    @Parameter(property = "agent.endpoint")
    private String endpoint;

    /** Variables for its sessions. */
    @Parameter
    private Map<String, String> environment = Map.of();

    /** Memory of a session's VM, in MiB. */
    @Parameter(property = "agent.memory")
    private Integer memory;

    @Override
    public void execute() throws MojoFailureException {
        List<String> arguments = new ArrayList<>(List.of(war.getPath(), "--wait", "--name=" + name().replaceAll("[^A-Za-z0-9_]", "_")));
        Optional.ofNullable(endpoint).ifPresent(one -> arguments.add("--endpoint=" + one));
        Optional.ofNullable(memory).ifPresent(mebibytes -> arguments.add("--memory=" + mebibytes));
        environment.forEach((variable, value) -> arguments.add("--env=" + variable + "=" + value));
        agentctl("deploy", arguments);
    }
}
