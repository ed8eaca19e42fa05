package dev.agentruntime.identity;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.CredentialRead;
import dev.agentruntime.api.Subject;
import dev.agentruntime.requests.TestDoor;
import dev.agentruntime.store.Database;
import dev.agentruntime.store.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockagentcorecontrol.BedrockAgentCoreControlClient;

/** The room over HTTP, with AWS's own client for it. */
abstract class IdentityTestBase {

    /** A test waits as long as a machine with much else to do takes. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    final TestClock clock = new TestClock();
    final FakeRuntimes runtimes = new FakeRuntimes();
    final ConfiguredProviders configured = new ConfiguredProviders();
    /** What meters were told. */
    final List<CredentialRead> reads = new CopyOnWriteArrayList<>();
    final HttpClient http = HttpClient.newHttpClient();
    TestDatabase database;
    volatile IdentitySettings settings = new IdentitySettings(TestKeys.of("one"), Optional.empty(), IdentitySettings.STANDARD_LIFETIME);
    static final Caller ADMIN = new Caller(new Subject("https://idp", "alice"), true);

    volatile IdentityRoom room;
    /** Whose requests the next ones are. */
    volatile Caller caller = ADMIN;
    TestDoor door;
    BedrockAgentCoreControlClient client;

    @BeforeEach
    void begin() throws Exception {
        database = TestDatabase.h2();
        restart();
        door = new TestDoor(() -> room.operations(), () -> caller);
        client = BedrockAgentCoreControlClient.builder().endpointOverride(door.uri()).region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                .httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    }

    @AfterEach
    void end() throws Exception {
        client.close();
        room.close();
        door.close();
        database.close();
    }

    /** Another room over the same database, as after a restart of the server. */
    final void restart() {
        room = new IdentityRoom(new Database(database), runtimes, () -> settings, configured, () -> new Arns("us-east-1", "123456789012"), reads::add, clock, PATIENCE);
        room.tick();
    }

    final HttpResponse<String> post(String operation, String body) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(door.uri() + "/identities/" + operation)).POST(BodyPublishers.ofString(body)).build(),
                BodyHandlers.ofString());
    }
}
