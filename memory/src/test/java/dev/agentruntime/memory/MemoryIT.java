package dev.agentruntime.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockagentcore.BedrockAgentCoreClient;
import software.amazon.awssdk.services.bedrockagentcore.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockagentcore.model.ActorSummary;
import software.amazon.awssdk.services.bedrockagentcore.model.Event;
import software.amazon.awssdk.services.bedrockagentcore.model.MemoryRecordOutput;
import software.amazon.awssdk.services.bedrockagentcore.model.Role;
import software.amazon.awssdk.services.bedrockagentcorecontrol.BedrockAgentCoreControlClient;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.MemorySummary;

/**
 * The feature of memories in a real Open Liberty, which {@code -Dliberty.home} names, by AWS's clients that sign their requests. It takes
 * more than a minute on a busy machine, and runs where {@code -Dmemory.it=true} asks for it.
 */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
@EnabledIfSystemProperty(named = "memory.it", matches = "true")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MemoryIT {

    private static final String DESK = "<memory name=\"desk\" eventExpiry=\"90d\"><strategy type=\"user-preference\"/></memory>";

    @TempDir
    private static Path folder;
    private static MemoryServer server;
    private static BedrockAgentCoreControlClient control;
    private static BedrockAgentCoreClient admin;
    private static BedrockAgentCoreClient caller;

    private static StaticCredentialsProvider key(String id, String secret) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(id, secret));
    }

    private static BedrockAgentCoreClient client(String id, String secret) {
        return BedrockAgentCoreClient.builder().endpointOverride(MemoryServer.ENDPOINT).region(Region.US_EAST_1)
                .credentialsProvider(key(id, secret)).httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    }

    @BeforeAll
    static void start() throws Exception {
        server = new MemoryServer(folder, DESK + "<memory name=\"broken\" eventExpiry=\"1d\"/>");
        control = BedrockAgentCoreControlClient.builder().endpointOverride(MemoryServer.ENDPOINT).region(Region.US_EAST_1)
                .credentialsProvider(key("AKDEPLOYER", "a-secret-of-this-test")).httpClientBuilder(UrlConnectionHttpClient.builder()).build();
        admin = client("AKDEPLOYER", "a-secret-of-this-test");
        caller = client("AKCALLER", "another-secret-of-this-test");
        serving();
    }

    private static void serving() {
        await().atMost(Duration.ofMinutes(2)).ignoreExceptions().untilAsserted(() -> assertThat(ids()).contains("desk-configured"));
    }

    private static List<String> ids() {
        return control.listMemories(r -> { }).memories().stream().map(MemorySummary::id).toList();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static Event write(BedrockAgentCoreClient client, String memory, String actor, String text) {
        return client.createEvent(r -> r.memoryId(memory).actorId(actor).sessionId("s1").eventTimestamp(Instant.now())
                .payload(MemoryTestBase.says(Role.USER, text))).event();
    }

    private static List<String> texts(BedrockAgentCoreClient client, String memory, String actor) {
        return MemoryTestBase.texts(client.listEvents(r -> r.memoryId(memory).actorId(actor).sessionId("s1")).events());
    }

    private static MemoryRecordOutput keep(BedrockAgentCoreClient client, String memory, String namespace, String text) {
        var made = client.batchCreateMemoryRecords(r -> r.memoryId(memory)
                .records(one -> one.requestIdentifier("r").namespaces(namespace).content(c -> c.text(text)).timestamp(Instant.now())));
        return made.successfulRecords().isEmpty() ? made.failedRecords().get(0) : made.successfulRecords().get(0);
    }

    private static List<String> found(BedrockAgentCoreClient client, String question) {
        return client.retrieveMemoryRecords(r -> r.memoryId("desk-configured").searchCriteria(c -> c.searchQuery(question))).memoryRecordSummaries().stream()
                .map(one -> one.content().text()).toList();
    }

    @Test
    @Order(1)
    void whatWasSaidIsFoundAgainAfterARestart() throws Exception {
        String id = control.createMemory(r -> r.name("assistant").eventExpiryDuration(30)).memory().id();
        Event first = write(admin, id, "team/alice", "one");
        write(admin, id, "team/alice", "two");
        assertThat(keep(admin, "desk-configured", "/actors/bob/", "Bob prefers a window seat.").statusAsString()).isEqualTo("SUCCEEDED");
        assertThat(found(admin, "where to seat Bob?")).containsExactly("Bob prefers a window seat.");
        assertThat(folder.resolve("servers/remembering/agent-memory/index")).isNotEmptyDirectory();
        server.restart();
        serving();
        assertThat(found(admin, "where to seat Bob?")).containsExactly("Bob prefers a window seat.");
        assertThat(texts(admin, id, "team/alice")).containsExactly("two", "one");
        assertThat(admin.getEvent(r -> r.memoryId(ARN + id).actorId("team/alice").sessionId("s1").eventId(first.eventId())).event()).isEqualTo(first);
        admin.deleteEvent(r -> r.memoryId(id).actorId("team/alice").sessionId("s1").eventId(first.eventId()));
        assertThat(texts(admin, id, "team/alice")).containsExactly("two");
        control.deleteMemory(r -> r.memoryId(id));
    }

    private static final String ARN = "arn:aws:bedrock-agentcore:us-east-1:123456789012:memory/";

    @Test
    @Order(2)
    void aCallerHasWhatIsItsOwnAndNothingElse() {
        write(admin, "desk-configured", "bob", "secret of bob");
        write(caller, "desk-configured", "caller", "mine");
        assertThat(texts(caller, "desk-configured", "caller")).containsExactly("mine");
        assertThatThrownBy(() -> texts(caller, "desk-configured", "bob")).isInstanceOf(AccessDeniedException.class).hasMessageContaining("the actor caller");
        assertThat(keep(caller, "desk-configured", "/actors/bob/", "poison").errorCode()).isEqualTo(403);
        assertThat(keep(caller, "desk-configured", "/actors/caller/", "A seat by the aisle.").statusAsString()).isEqualTo("SUCCEEDED");
        assertThat(found(caller, "which seat does Bob prefer")).containsExactly("A seat by the aisle.");
        assertThat(caller.listActors(r -> r.memoryId("desk-configured")).actorSummaries()).extracting(ActorSummary::actorId).containsExactly("caller");
        assertThatThrownBy(() -> caller.listSessions(r -> r.memoryId("desk-configured").actorId("caller"))).as("its key has no right to that")
                .isInstanceOf(AccessDeniedException.class);
        try (BedrockAgentCoreControlClient other = BedrockAgentCoreControlClient.builder().endpointOverride(MemoryServer.ENDPOINT).region(Region.US_EAST_1)
                .credentialsProvider(key("AKCALLER", "another-secret-of-this-test")).httpClientBuilder(UrlConnectionHttpClient.builder()).build()) {
            assertThatThrownBy(() -> other.listMemories(r -> { }))
                    .isInstanceOf(software.amazon.awssdk.services.bedrockagentcorecontrol.model.AccessDeniedException.class);
        }
    }

    @Test
    @Order(3)
    void aMemoryOfServerXmlIsToldAndOneThatCannotBeUsedToo() throws Exception {
        assertThat(control.getMemory(r -> r.memoryId("desk-configured")).memory().strategies()).singleElement()
                .satisfies(strategy -> assertThat(strategy.strategyId()).isEqualTo("user_preference-configured"));
        assertThat(server.log()).contains("AGRT6402I").contains("desk-configured of server.xml is served")
                .contains("AGRT6401W").contains("name=\"broken\"").contains("3d to 365d");
    }

    /** The folder that {@code -Dnode.modules=DIR} names has AWS's two clients for JavaScript. */
    @Test
    @Order(4)
    @EnabledIfSystemProperty(named = "node.modules", matches = ".+")
    void theSameGoesByTheClientsForJavaScript() throws Exception {
        File out = folder.resolve("node.out").toFile();
        Process node = new ProcessBuilder("node", Path.of("src/test/js/memory.mjs").toAbsolutePath().toString(), MemoryServer.ENDPOINT.toString(),
                "AKDEPLOYER", "a-secret-of-this-test").redirectErrorStream(true).redirectOutput(out).directory(new File(System.getProperty("node.modules"))).start();
        assertThat(node.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(out).content().contains("all of it is done");
        assertThat(node.exitValue()).isZero();
    }

    @Test
    @Order(5)
    void aMemoryThatIsTakenOutOfServerXmlIsGoneAndFindsItsEventsWhenItComesBack() throws Exception {
        server.configure("");
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(ids()).doesNotContain("desk-configured"));
        server.configure(DESK);
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(ids()).contains("desk-configured"));
        assertThat(texts(admin, "desk-configured", "bob")).containsExactly("secret of bob");
    }

    @Test
    @Order(6)
    void noLogHasWhatWasSaidInIt() throws Exception {
        assertThat(server.log()).doesNotContain("secret of bob", "window seat", "AGRT6404", "AGRT6407");
    }

    @Test
    @Order(7)
    void withoutTheFeatureThereAreNoMemoriesAndAgentsServeAsBefore() throws Exception {
        server.leaveOutMemories();
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThatThrownBy(MemoryIT::ids).hasMessageContaining("404"));
        assertThat(control.listAgentRuntimes(r -> { }).agentRuntimes()).isNotEmpty();
    }
}
