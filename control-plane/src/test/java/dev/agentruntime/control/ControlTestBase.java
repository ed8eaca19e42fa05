package dev.agentruntime.control;

import dev.agentruntime.api.WorkloadIdentities;
import dev.agentruntime.requests.TestDoor;
import dev.agentruntime.spi.fake.ManualClock;
import dev.agentruntime.store.Database;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockagentcorecontrol.BedrockAgentCoreControlClient;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AgentRuntimeArtifact;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.CreateAgentRuntimeRequest;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.CreateAgentRuntimeResponse;

/** A control plane over HTTP, with AWS's own client for it, and a platform that a test drives. */
abstract class ControlTestBase {

    static final String ROLE = "arn:aws:iam::123456789012:role/agents";

    @TempDir
    Path folder;
    final FakeHosting hosting = new FakeHosting();
    final ManualClock clock = new ManualClock(Instant.parse("2026-11-26T12:00:00.123Z"));
    final HttpClient http = HttpClient.newHttpClient();
    TestDatabase database;
    volatile ControlSettings settings;
    volatile ControlPlane plane;
    volatile Optional<WorkloadIdentities> identities = Optional.empty();
    TestDoor door;
    BedrockAgentCoreControlClient client;

    @BeforeEach
    void begin() throws Exception {
        database = new TestDatabase(folder);
        settings = new ControlSettings(folder.resolve("artifacts"), Files.createDirectory(folder.resolve("wars")), 1 << 20, 4 << 20,
                "us-east-1", "123456789012", 768L << 20);
        restart();
        door = new TestDoor(() -> plane.operations());
        client = BedrockAgentCoreControlClient.builder().endpointOverride(door.uri()).region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                .httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    }

    @AfterEach
    void end() throws Exception {
        client.close();
        door.close();
        database.close();
    }

    /** Another control plane over the same database and files, as after a restart of the server. */
    final void restart() {
        plane = new ControlPlane(new Database(database), hosting, () -> settings, () -> identities, clock);
        plane.tick();
    }

    final AgentRuntimeArtifact war(String text) throws IOException, InterruptedException {
        HttpResponse<String> uploaded = put("hello.war", TestWar.of(text));
        String uri = uploaded.body().replaceFirst(".*\"uri\":\"([^\"]*)\".*", "$1");
        return AgentRuntimeArtifact.fromContainerConfiguration(container -> container.containerUri(uri));
    }

    final HttpResponse<String> put(String name, byte[] body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(door.uri() + "/artifacts/" + name))
                .PUT(BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    final HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(door.uri() + path)).method(method, BodyPublishers.ofString(body)).build(),
                BodyHandlers.ofString());
    }

    final CreateAgentRuntimeResponse create(String name, String war) throws IOException, InterruptedException {
        return create(name, war, request -> { });
    }

    final CreateAgentRuntimeResponse create(String name, String war, Consumer<CreateAgentRuntimeRequest.Builder> more)
            throws IOException, InterruptedException {
        AgentRuntimeArtifact artifact = war(war);
        return client.createAgentRuntime(request -> {
            request.agentRuntimeName(name).roleArn(ROLE).agentRuntimeArtifact(artifact);
            more.accept(request);
        });
    }

    /** One that is READY. */
    final String made(String name) throws IOException, InterruptedException {
        String id = create(name, name).agentRuntimeId();
        plane.tick();
        return id;
    }
}
