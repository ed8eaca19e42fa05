package dev.agentruntime.maven;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/** Runs the project's agent on an Open Liberty here and takes over each saved change, as {@code agentctl dev} does. Asks no server. */
@Mojo(name = "dev")
public final class DevGoal extends AbstractMojo {

    @Parameter(defaultValue = "${project.basedir}", readonly = true, required = true)
    private File project;

    @Parameter(defaultValue = "${project.build.finalName}", readonly = true, required = true)
    private String finalName;

    @Parameter(defaultValue = "${project.version}", readonly = true, required = true)
    private String version;

    @Parameter(defaultValue = "${settings.localRepository}", readonly = true)
    private String repository;

    @Parameter(defaultValue = "${settings.offline}", readonly = true)
    private boolean offline;

    @Parameter(defaultValue = "${session.request.userSettingsFile}", readonly = true)
    private File settings;

    /** Where it answers, on this machine only. */
    @Parameter(property = "agent.port", defaultValue = "8080")
    private int port;

    /** An Open Liberty, its folder wlp, where it is neither WLP_HOME nor one that Maven gets. */
    @Parameter(property = "agent.liberty")
    private File liberty;

    /** What the server has, with commas between, where it is not Jakarta EE Web Profile and MicroProfile. */
    @Parameter(property = "agent.features")
    private String features;

    @Override
    public void execute() throws MojoFailureException {
        String war = finalName.endsWith("-" + version) ? finalName.substring(0, finalName.length() - version.length() - 1) : finalName;
        List<String> words = new ArrayList<>(List.of("dev", "--project=" + project, "--war=" + war, "--port=" + port));
        Optional.ofNullable(liberty).ifPresent(folder -> words.add("--liberty=" + folder));
        Optional.ofNullable(features).ifPresent(names -> words.add("--features=" + names));
        words.add("--");
        // The Maven that it starts is another process, and knows nothing of this one's command line.
        Optional.ofNullable(repository).ifPresent(folder -> words.add("-Dmaven.repo.local=" + folder));
        Optional.ofNullable(settings).filter(File::isFile).ifPresent(file -> words.addAll(List.of("--settings", file.getPath())));
        if (offline) {
            words.add("--offline");
        }
        AgentGoal.run(words);
    }
}
