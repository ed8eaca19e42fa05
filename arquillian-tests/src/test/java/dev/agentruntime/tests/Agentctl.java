package dev.agentruntime.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The packaged agentctl, as an administrator of the server under test.
 *
 * @param folder where it runs, and where what it says is kept
 */
record Agentctl(Path folder) {

    private static final String SCRIPT = UntouchedLiberty.ROOT.resolve("cli/agentctl/target/agentctl/agentctl").toString();
    private static final String SERVER = AgentClient.BASE + "/agents";

    /** A command that runs or has run. */
    record Run(Process process, Path output, Path errors) {
        String out() {
            return read(output);
        }

        String err() {
            return read(errors);
        }

        /** Waits for its end. */
        int code() {
            try {
                assertThat(process.waitFor(15, TimeUnit.MINUTES)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            return process.exitValue();
        }

        /** As Ctrl-C does. */
        void interrupt() {
            UntouchedLiberty.run("kill", "-INT", Long.toString(process.pid()));
        }

        private static String read(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    Run start(String... arguments) {
        return start("", with(SCRIPT, arguments));
    }

    /** What it says; fails unless it succeeds. */
    String say(String... arguments) {
        Run run = start(arguments);
        assertThat(run.code()).as(run.out() + run.err()).isZero();
        return run.out();
    }

    /** With something on its input. */
    Run type(String input, String... arguments) {
        return start(input, with(SCRIPT, arguments));
    }

    /** Maven in a project, quietly; fails unless it succeeds. AGENTCTL_SERVER and AGENTCTL_TOKEN are set. */
    void maven(String... goals) {
        List<String> command = new ArrayList<>(with("mvn", "-B", "-q"));
        Optional.ofNullable(System.getProperty("maven.repo.local")).ifPresent(repository -> command.add("-Dmaven.repo.local=" + repository));
        command.addAll(List.of(goals));
        Run run = start("", command);
        assertThat(run.code()).as(run.out() + run.err()).isZero();
    }

    private static List<String> with(String first, String... more) {
        List<String> command = new ArrayList<>(List.of(first));
        command.addAll(List.of(more));
        return command;
    }

    private Run start(String input, List<String> command) {
        try {
            Path output = Files.createTempFile("agentctl", ".out");
            Path errors = Files.createTempFile("agentctl", ".err");
            Path typed = Files.writeString(Files.createTempFile("agentctl", ".in"), input);
            ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectOutput(output.toFile()).redirectError(errors.toFile())
                    .redirectInput(typed.toFile());
            builder.environment().putAll(Map.of("AGENTCTL_SERVER", SERVER, "AGENTCTL_TOKEN", Identity.PROVIDER.admin(), "AGENTCTL_HOME", folder.resolve("settings").toString()));
            List.of(output, errors, typed).forEach(file -> file.toFile().deleteOnExit());
            return new Run(builder.start(), output, errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
