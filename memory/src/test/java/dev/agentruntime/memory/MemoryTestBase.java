package dev.agentruntime.memory;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Subject;
import dev.agentruntime.requests.TestDoor;
import dev.agentruntime.store.Database;
import dev.agentruntime.store.TestDatabase;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockagentcore.BedrockAgentCoreClient;
import software.amazon.awssdk.services.bedrockagentcore.model.Conversational;
import software.amazon.awssdk.services.bedrockagentcore.model.CreateEventRequest;
import software.amazon.awssdk.services.bedrockagentcore.model.Event;
import software.amazon.awssdk.services.bedrockagentcore.model.PayloadType;
import software.amazon.awssdk.services.bedrockagentcore.model.Role;
import software.amazon.awssdk.services.bedrockagentcorecontrol.BedrockAgentCoreControlClient;

/**
 * The room over HTTP, with AWS's own clients for it: on H2, or on the database that {@code -Dagentruntime.ledger.url} names.
 */
abstract class MemoryTestBase {

    static final Caller ADMIN = new Caller(new Subject("https://idp", "operator"), true);
    static final Arns ARNS = new Arns("us-east-1", "123456789012");

    @TempDir
    Path folder;
    final TestClock clock = new TestClock();
    final ConfiguredMemories configured = new ConfiguredMemories();
    final HttpClient http = HttpClient.newHttpClient();
    /** Whose request the next one is. */
    volatile Caller caller = ADMIN;
    TestDatabase database;
    volatile MemoryRoom room;
    TestDoor door;
    BedrockAgentCoreControlClient control;
    BedrockAgentCoreClient data;

    @BeforeEach
    void begin() throws Exception {
        database = database();
        restart();
        door = new TestDoor(() -> room.operations(), () -> caller);
        control = client(BedrockAgentCoreControlClient.builder());
        data = client(BedrockAgentCoreClient.builder());
    }

    /** H2, or what {@code -Dagentruntime.ledger.url} names. */
    static TestDatabase database() throws Exception {
        List<TestDatabase> all = TestDatabase.all().toList();
        for (TestDatabase other : all.subList(0, all.size() - 1)) {
            other.close();
        }
        return all.get(all.size() - 1);
    }

    private <C, B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>> C client(B builder) {
        return builder.endpointOverride(door.uri()).region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                .httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    }

    @AfterEach
    void end() throws Exception {
        control.close();
        data.close();
        door.close();
        room.close();
        database.close();
    }

    /** Another room over the same database, as after a restart of the server. */
    final void restart() {
        if (room != null) {
            room.close();
        }
        room = new MemoryRoom(new Database(database), configured, () -> ARNS, folder, clock);
        room.tick();
    }

    static Caller invoker(String subject) {
        return new Caller(new Subject("https://idp", subject), false);
    }

    /** Makes a memory whose events are kept for 30 days; returns its id. */
    final String memory(String name) {
        return control.createMemory(r -> r.name(name).eventExpiryDuration(30)).memory().id();
    }

    static PayloadType says(Role role, String text) {
        return PayloadType.fromConversational(Conversational.builder().role(role).content(c -> c.text(text)).build());
    }

    /** An event of now, in which a user says these. */
    final CreateEventRequest.Builder event(String memory, String actor, String session, String... texts) {
        return CreateEventRequest.builder().memoryId(memory).actorId(actor).sessionId(session).eventTimestamp(clock.instant())
                .payload(Arrays.stream(texts).map(text -> says(Role.USER, text)).toList());
    }

    /** Writes one, a second after the one before. */
    final Event write(String memory, String actor, String session, String... texts) {
        clock.pass(Duration.ofSeconds(1));
        return data.createEvent(event(memory, actor, session, texts).build()).event();
    }

    static List<String> texts(List<Event> events) {
        return events.stream().flatMap(event -> event.payload().stream()).map(item -> item.conversational().content().text()).toList();
    }

    /** The texts of records at or below a path; the client library of these tests is older than that member. */
    final List<String> at(String path, String memory, String question) throws IOException, InterruptedException {
        String asked = question.isEmpty() ? "" : ", \"searchCriteria\": {\"searchQuery\": \"" + question + "\", \"topK\": 10}";
        HttpResponse<String> answer = send("POST", "/memories/" + memory + (question.isEmpty() ? "/memoryRecords" : "/retrieve"), "{\"namespacePath\": \"" + path + "\"" + asked + "}");
        return Views.array(Views.object(answer.body()), "memoryRecordSummaries").getValuesAs(JsonObject.class).stream()
                .map(record -> record.getJsonObject("content").getString("text")).toList();
    }

    final HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(door.uri() + path)).method(method, BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }
}
