package dev.agentruntime.tests;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An agent that the running server is given for one test class, from the WAR of an example, and loses again. */
final class ExampleAgent implements AutoCloseable {

    private static final Path ROOT = Path.of(System.getProperty("root")).toAbsolutePath().normalize();
    private static final Path OVERRIDES = ROOT.resolve("server-config/target/wlp/usr/servers/agents-under-test/configDropins/overrides");

    private static final Path KEYS = OVERRIDES.resolve("example-keys.xml");

    private final String name;
    private final Path war;
    private final String attributes;
    private final Path file;
    private final Map<String, Long> firstAnswer = new ConcurrentHashMap<>();

    private ExampleAgent(String name, Path war, String attributes) {
        this.name = name;
        this.war = war;
        this.attributes = attributes;
        this.file = OVERRIDES.resolve("example-" + name + ".xml");
    }

    /**
     * Adds the agent and waits until it is READY.
     *
     * @param attributes of {@code <agent>}, beside its name and location
     * @param elements   within it
     */
    static ExampleAgent added(String name, String attributes, String elements) {
        return added(name, war(name), attributes, elements);
    }

    /** The same of another WAR. */
    static ExampleAgent added(String name, Path war, String attributes, String elements) {
        ExampleAgent agent = new ExampleAgent(name, war, attributes);
        long begun = System.nanoTime();
        agent.configure(elements);
        try {
            AgentClient.awaitReady(name);
        } catch (RuntimeException | Error e) {
            agent.close();
            throw e;
        }
        System.out.printf("%s: READY after %.1f s%n", name, Duration.ofNanos(System.nanoTime() - begun).toMillis() / 1e3);
        return agent;
    }

    /** The WAR of an example. */
    static Path war(String name) {
        return ROOT.resolve("examples").resolve(name).resolve("target").resolve(name + ".war");
    }

    /** Gives the agent other elements while it serves. */
    void configure(String elements) {
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
    }

    /** Has the running server know an access key too, until {@link #forgetKeys}. */
    static void knowKey(String id, String secret, String principal) {
        try {
            Files.writeString(KEYS, "<server><accessKey accessKeyId=\"%s\" secret=\"%s\" principal=\"%s\" operations=\"*\" runtimes=\"*\"/></server>"
                    .formatted(id, secret, principal));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void forgetKeys() {
        delete(KEYS);
    }

    String name() {
        return name;
    }

    /** What the agent answers to Alice; fails unless it is well. */
    String answer(String session, String body) {
        long begun = System.nanoTime();
        HttpResponse<String> answer = AgentClient.alice().invoke(name, session, body);
        firstAnswer.putIfAbsent(session, (System.nanoTime() - begun) / 1_000_000);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    /** The VM of a session of Alice's. */
    String vm(String session) {
        return AgentClient.alice().session(name, session).getString("vm");
    }

    /** The record of what a session has reached outside. */
    String connections(String session) {
        HttpResponse<String> answer = AgentClient.alice().get("/agents/runtimes/" + name + "/sessions/" + session + "/connections");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    /** Prints what a session took to begin and what it holds. */
    void tellFigures(String session) {
        JsonObject view = AgentClient.alice().session(name, session);
        System.out.printf("%s: session began by %s in %d ms, its first answer after %d ms, the most memory %d MiB%n", name,
                view.getString("startMode"), view.getJsonNumber("startMillis").longValue(), firstAnswer.getOrDefault(session, 0L),
                view.getJsonObject("usage").getJsonNumber("peakMemoryBytes").longValue() >> 20);
    }

    @Override
    public void close() {
        delete(file);
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " stays, and with it what it configures", e);
        }
    }
}
