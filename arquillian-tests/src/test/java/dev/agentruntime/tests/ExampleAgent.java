package dev.agentruntime.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An agent that the running server is given for one test class, from the WAR of an example, and loses again. */
final class ExampleAgent implements AutoCloseable {

    private static final Path ROOT = Path.of(System.getProperty("root")).toAbsolutePath().normalize();
    private static final Path OVERRIDES = ROOT.resolve("server-config/target/wlp/usr/servers/agents-under-test/configDropins/overrides");

    private final String name;
    private final Path file;

    private ExampleAgent(String name, Path file) {
        this.name = name;
        this.file = file;
    }

    /**
     * Adds the agent and waits until it is READY.
     *
     * @param attributes of {@code <agent>}, beside its name and location
     * @param elements   within it
     */
    static ExampleAgent added(String name, String attributes, String elements) {
        Path file = OVERRIDES.resolve("example-" + name + ".xml");
        Path war = ROOT.resolve("examples").resolve(name).resolve("target").resolve(name + ".war");
        try {
            Files.writeString(file, """
                    <server>
                        <agentRuntime>
                            <agent name="%s" location="%s" %s>%s</agent>
                        </agentRuntime>
                    </server>
                    """.formatted(name, war, attributes, elements));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ExampleAgent agent = new ExampleAgent(name, file);
        AgentClient.awaitReady(name);
        return agent;
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("The agent " + name + " stays configured", e);
        }
    }
}
