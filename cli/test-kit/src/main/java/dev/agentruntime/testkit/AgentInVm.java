package dev.agentruntime.testkit;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.Answer;
import dev.agentruntime.client.Artifact;
import dev.agentruntime.client.Credentials;
import dev.agentruntime.client.EventReader;
import dev.agentruntime.client.Invocation;
import dev.agentruntime.client.Payload;
import dev.agentruntime.client.Progress;
import dev.agentruntime.client.ServerEvent;
import dev.agentruntime.client.Trust;
import dev.agentruntime.client.VersionInfo;
import jakarta.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Deploys a WAR to a server under a name of its own, has the class's tests call it in one session, in a VM, and deletes it in the end.
 * The server is that of {@code AGENTCTL_SERVER} and {@code AGENTCTL_TOKEN}, an administrator's; the tests are skipped where there is none.
 * {@code AGENTCTL_TRUST} names a file with the certificates to trust, where they are not those that Java trusts.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final AgentInVm agent = AgentInVm.of(Path.of("target/my-agent.war"));
 * }</pre>
 */
public final class AgentInVm implements BeforeAllCallback, AfterAllCallback {

    private static final Duration READY = Duration.ofMinutes(15);

    private final Path war;
    private final Map<String, String> environment;
    private final String session = "test-" + UUID.randomUUID();
    private Optional<AgentRuntimeClient> client = Optional.empty();
    private Optional<VersionInfo> version = Optional.empty();

    private AgentInVm(Path war, Map<String, String> environment) {
        this.war = war;
        this.environment = environment;
    }

    public static AgentInVm of(Path war) {
        return new AgentInVm(war, System.getenv());
    }

    static AgentInVm of(Path war, Map<String, String> environment) {
        return new AgentInVm(war, environment);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws InterruptedException {
        String server = environment.getOrDefault("AGENTCTL_SERVER", "");
        Assumptions.assumeFalse(server.isEmpty(), "AGENTCTL_SERVER names no server to run the agent in");
        AgentRuntimeClient own = client(server);
        client = Optional.of(own);
        String name = "test_" + UUID.randomUUID().toString().replace("-", "");
        Artifact artifact = own.control().upload(name + ".war", war, sent -> { });
        VersionInfo made = own.control().create(Json.createObjectBuilder().add("agentRuntimeName", name).add("roleArn", "arn:aws:iam::000000000000:role/test")
                .add("networkConfiguration", Json.createObjectBuilder().add("networkMode", "PUBLIC"))
                .add("agentRuntimeArtifact", Json.createObjectBuilder().add("containerConfiguration", Json.createObjectBuilder().add("containerUri", artifact.uri())))
                .build());
        version = Optional.of(made);
        awaitReady(own, made.id());
    }

    private AgentRuntimeClient client(String server) {
        AgentRuntimeClient.Builder builder = AgentRuntimeClient.at(AgentRuntimeClient.address(server)).userAgent("agent-test-kit")
                .credentials(Credentials.token(() -> Optional.ofNullable(environment.get("AGENTCTL_TOKEN"))));
        String trust = environment.getOrDefault("AGENTCTL_TRUST", "");
        if (!trust.isEmpty()) {
            builder.trust(Trust.of(Path.of(trust)));
        }
        return builder.build();
    }

    private void awaitReady(AgentRuntimeClient own, String id) throws InterruptedException {
        Instant end = Instant.now().plus(READY);
        while (Instant.now().isBefore(end)) {
            VersionInfo now = own.control().version(id, Optional.empty());
            if (now.progress() == Progress.FAILED) {
                throw new IllegalStateException("The agent does not start: " + now.failure());
            }
            if (now.progress() == Progress.READY && own.control().endpoint(id, "DEFAULT").progress() == Progress.READY) {
                return;
            }
            Thread.sleep(500);
        }
        throw new IllegalStateException("The agent is not ready after " + READY.toMinutes() + " min");
    }

    /** What the agent answers to JSON, in this class's session. */
    public String invoke(String json) {
        try (Answer answer = asked(json)) {
            return answer.text();
        }
    }

    /** The data of each event that it answers with. */
    public List<String> events(String json) {
        List<String> data = new ArrayList<>();
        try (Answer answer = asked(json)) {
            EventReader events = answer.events();
            for (Optional<ServerEvent> next = events.next(); next.isPresent(); next = events.next()) {
                data.add(next.get().data());
            }
        }
        return data;
    }

    private Answer asked(String json) {
        return client.orElseThrow().invoke(Invocation.of(version.orElseThrow().id(), Payload.of(json.getBytes(StandardCharsets.UTF_8))).in(session));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (version.isPresent()) {
            try {
                if (client.orElseThrow().sessions(version.get().id()).stream().anyMatch(one -> one.id().equals(session))) {
                    client.orElseThrow().stop(version.get().id(), session);
                }
            } finally {
                client.orElseThrow().control().delete(version.get().id());
            }
        }
    }
}
