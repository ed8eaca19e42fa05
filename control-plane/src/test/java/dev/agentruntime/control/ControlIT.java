package dev.agentruntime.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockagentcore.BedrockAgentCoreClient;
import software.amazon.awssdk.services.bedrockagentcorecontrol.BedrockAgentCoreControlClient;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AgentRuntime;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AgentRuntimeArtifact;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AgentRuntimeEndpoint;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AgentRuntimeEndpointStatus;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AgentRuntimeStatus;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.ConflictException;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.CreateAgentRuntimeRequest;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.GetAgentRuntimeResponse;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.ResourceNotFoundException;

/**
 * AWS's own clients and a real Open Liberty, which {@code -Dliberty.home=DIR} names, over a hypervisor in memory. Takes more than a minute:
 * {@code ./verify -Dlong}.
 */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
@EnabledIfSystemProperty(named = "long", matches = "true")
class ControlIT {

    private static final String ROLE = "arn:aws:iam::123456789012:role/agents";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path folder;
    private static ControlServer server;
    private static String root;
    private static String alice;
    private static BedrockAgentCoreControlClient control;
    private static BedrockAgentCoreClient data;

    @BeforeAll
    static void start() throws Exception {
        TestTokens tokens = new TestTokens();
        root = tokens.token("root", "agent-admin");
        alice = tokens.token("alice", "agent-invoker");
        server = new ControlServer(folder, tokens);
        control = control(root);
        data = BedrockAgentCoreClient.builder().endpointOverride(ControlServer.ENDPOINT).region(Region.US_EAST_1)
                .credentialsProvider(AnonymousCredentialsProvider.create()).httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(c -> c.putHeader("Authorization", "Bearer " + alice)).build();
        awaitServing();
    }

    private static BedrockAgentCoreControlClient control(String token) {
        return BedrockAgentCoreControlClient.builder().endpointOverride(ControlServer.ENDPOINT).region(Region.US_EAST_1)
                .credentialsProvider(AnonymousCredentialsProvider.create()).httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(c -> c.putHeader("Authorization", "Bearer " + token)).build();
    }

    private static void awaitServing() {
        await().atMost(Duration.ofMinutes(2)).ignoreExceptions().untilAsserted(
                () -> assertThat(control.listAgentRuntimes(r -> { }).agentRuntimes()).isNotEmpty());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void aRuntimeGoesFromAnUploadedWarThroughItsVersionsToItsEndAndARestartChangesNothing() throws Exception {
        AgentRuntimeArtifact one = upload("one");
        Consumer<CreateAgentRuntimeRequest.Builder> creation = r -> r.agentRuntimeName("greeter").roleArn(ROLE).agentRuntimeArtifact(one)
                .description("greets").environmentVariables(Map.of("GREETING", "hello")).tags(Map.of("team", "red"))
                .clientToken("the-token-of-this-creation-0123456789");
        String id = control.createAgentRuntime(creation).agentRuntimeId();
        GetAgentRuntimeResponse made = awaitReady(id);
        String first = session(made.agentRuntimeArn(), "");
        assertThat(version(id, first)).isEqualTo(digest("one"));
        assertThat(version(id, session("greeter", "DEFAULT"))).isEqualTo(digest("one"));
        assertThat(version(id, session(id, ""))).isEqualTo(digest("one"));

        control.createAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).name("prod").agentRuntimeVersion("1"));
        awaitEndpoint(id, "1");
        update(id, "two");
        awaitReady(id);
        assertThat(version(id, session(id, ""))).isEqualTo(digest("two"));
        assertThat(version(id, session(id, "prod"))).isEqualTo(digest("one"));
        assertThat(said(made.agentRuntimeArn(), "", first)).isEqualTo(first);
        assertThat(version(id, first)).as("a session that lives stays on its version").isEqualTo(digest("one"));

        control.updateAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).endpointName("prod").agentRuntimeVersion("2"));
        awaitEndpoint(id, "2");
        assertThat(version(id, session(id, "prod"))).isEqualTo(digest("two"));
        control.updateAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).endpointName("prod").agentRuntimeVersion("1"));
        awaitEndpoint(id, "1");
        assertThat(version(id, session(id, "prod"))).as("rolled back with one call").isEqualTo(digest("one"));

        GetAgentRuntimeResponse before = control.getAgentRuntime(r -> r.agentRuntimeId(id));
        List<AgentRuntime> versions = control.listAgentRuntimeVersions(r -> r.agentRuntimeId(id)).agentRuntimes();
        List<AgentRuntimeEndpoint> endpoints = control.listAgentRuntimeEndpoints(r -> r.agentRuntimeId(id)).runtimeEndpoints();
        server.restart();
        awaitServing();
        assertThat(control.getAgentRuntime(r -> r.agentRuntimeId(id))).matches(now -> now.equalsBySdkFields(before), "as before: " + before);
        assertThat(control.getAgentRuntime(r -> r.agentRuntimeId(id).agentRuntimeVersion("1"))).satisfies(version -> {
            assertThat(version.description()).isEqualTo("greets");
            assertThat(version.environmentVariables()).containsExactly(Map.entry("GREETING", "hello"));
        });
        assertThat(control.listAgentRuntimes(r -> { }).agentRuntimes()).extracting(AgentRuntime::agentRuntimeId).contains(id);
        assertThat(control.listAgentRuntimeVersions(r -> r.agentRuntimeId(id)).agentRuntimes()).hasSize(2).isEqualTo(versions);
        assertThat(control.listAgentRuntimeEndpoints(r -> r.agentRuntimeId(id)).runtimeEndpoints()).hasSize(2).isEqualTo(endpoints);
        assertThat(control.listTagsForResource(r -> r.resourceArn(made.agentRuntimeArn())).tags()).containsExactly(Map.entry("team", "red"));
        assertThat(control.createAgentRuntime(creation).agentRuntimeId()).as("created once, however often that is asked for").isEqualTo(id);
        assertThat(version(id, session(id, "prod"))).isEqualTo(digest("one"));
        assertThat(version(id, session(id, ""))).isEqualTo(digest("two"));

        control.deleteAgentRuntime(r -> r.agentRuntimeId(id));
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThatThrownBy(() -> control.getAgentRuntime(r -> r.agentRuntimeId(id)))
                .isInstanceOf(ResourceNotFoundException.class));
        assertThatThrownBy(() -> session(id, ""))
                .isInstanceOf(software.amazon.awssdk.services.bedrockagentcore.model.ResourceNotFoundException.class);
    }

    @Test
    void noRequestFailsWhileVersionsFollowEachOther() throws Exception {
        AgentRuntimeArtifact war = upload("busy");
        String id = control.createAgentRuntime(r -> r.agentRuntimeName("busy").roleArn(ROLE).agentRuntimeArtifact(war)).agentRuntimeId();
        String arn = awaitReady(id).agentRuntimeArn();
        AtomicBoolean going = new AtomicBoolean(true);
        List<CompletableFuture<Integer>> callers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            callers.add(CompletableFuture.supplyAsync(() -> askWhile(going, arn)));
        }
        for (int number = 2; number <= 5; number++) {
            update(id, "busy " + number);
            assertThat(awaitReady(id).agentRuntimeVersion()).isEqualTo(Integer.toString(number));
        }
        going.set(false);
        assertThat(callers.stream().mapToInt(CompletableFuture::join).sum()).isGreaterThan(20);
    }

    /** Throws where one request fails. */
    private static int askWhile(AtomicBoolean going, String arn) {
        int asked = 0;
        while (going.get()) {
            String session = session(arn, "");
            assertThat(said(arn, "", session)).isEqualTo(session);
            end(arn, session);
            asked++;
        }
        return asked;
    }

    @Test
    void aSessionIsStoppedOnceAndStoppingItAgainChangesNothing() {
        String session = session("configured-one", "");
        end("configured-one", session);
        end("configured-one", session);
        assertThat(shown("configured-one", session).body()).contains("\"status\":\"Terminated\"");
        assertThatThrownBy(() -> end("configured-one", UUID.randomUUID().toString()))
                .isInstanceOf(software.amazon.awssdk.services.bedrockagentcore.model.ResourceNotFoundException.class);
    }

    @Test
    void whoIsNoAdministratorMayChangeNothing() {
        assertThatThrownBy(() -> control(alice).listAgentRuntimes(r -> { })).isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> control("none").listAgentRuntimes(r -> { })).hasMessageContaining("401");
    }

    @Test
    void aClientThatSignsItsRequestsIsAnAdministratorWhereItsKeySaysSo() {
        assertThat(signing("AKDEPLOYER", "a-secret-of-this-test").listAgentRuntimes(r -> { }).agentRuntimes()).isNotEmpty();
        assertThatThrownBy(() -> signing("AKCALLER", "another-secret-of-this-test").listAgentRuntimes(r -> { }))
                .isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> signing("AKDEPLOYER", "another-secret-of-this-test").listAgentRuntimes(r -> { })).hasMessageContaining("403");
    }

    private static BedrockAgentCoreControlClient signing(String key, String secret) {
        return BedrockAgentCoreControlClient.builder().endpointOverride(ControlServer.ENDPOINT).region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(key, secret)))
                .httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    }

    @Test
    void aConfiguredAgentStandsInTheListAndIsInvokedByWhatStandsThere() {
        var shown = control.listAgentRuntimes(r -> { }).agentRuntimes().stream()
                .filter(runtime -> runtime.agentRuntimeName().equals("configured-one")).findFirst().orElseThrow();
        for (String name : List.of(shown.agentRuntimeArn(), shown.agentRuntimeId(), "configured-one")) {
            assertThat(version("configured-one", session(name, ""))).isEqualTo(digest("configured"));
        }
        assertThatThrownBy(() -> control.deleteAgentRuntime(r -> r.agentRuntimeId(shown.agentRuntimeId())))
                .isInstanceOf(ConflictException.class);
    }

    /** The folder that {@code -Dnode.modules=DIR} names has AWS's two clients for JavaScript. */
    @Test
    @EnabledIfSystemProperty(named = "node.modules", matches = ".+")
    void theSameGoesByTheClientsForJavaScript() throws Exception {
        File out = folder.resolve("node.out").toFile();
        Process node = new ProcessBuilder("node", Path.of("src/test/js/control.mjs").toAbsolutePath().toString(), ControlServer.ENDPOINT.toString(),
                root, artifactUri("js one"), artifactUri("js two")).redirectErrorStream(true).redirectOutput(out)
                .directory(new File(System.getProperty("node.modules"))).start();
        assertThat(node.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(out).content().contains("all of it is done");
        assertThat(node.exitValue()).isZero();
    }

    private static AgentRuntimeArtifact upload(String text) throws IOException, InterruptedException {
        String uri = artifactUri(text);
        return AgentRuntimeArtifact.fromContainerConfiguration(container -> container.containerUri(uri));
    }

    private static String artifactUri(String text) throws IOException, InterruptedException {
        HttpResponse<String> uploaded = HTTP.send(HttpRequest.newBuilder(URI.create(ControlServer.ENDPOINT + "/artifacts/hello.war"))
                .header("Authorization", "Bearer " + root).PUT(BodyPublishers.ofByteArray(TestWar.of(text))).build(), BodyHandlers.ofString());
        assertThat(uploaded.statusCode()).as(uploaded.body()).isEqualTo(200);
        return uploaded.body().replaceFirst(".*\"uri\":\"([^\"]*)\".*", "$1");
    }

    private static void update(String id, String text) throws Exception {
        AgentRuntimeArtifact war = upload(text);
        control.updateAgentRuntime(r -> r.agentRuntimeId(id).roleArn(ROLE).agentRuntimeArtifact(war));
    }

    private static GetAgentRuntimeResponse awaitReady(String id) {
        return await().atMost(Duration.ofSeconds(60)).until(() -> control.getAgentRuntime(r -> r.agentRuntimeId(id)),
                runtime -> runtime.status() == AgentRuntimeStatus.READY);
    }

    private static void awaitEndpoint(String id, String version) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                control.getAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).endpointName("prod"))).satisfies(endpoint -> {
                    assertThat(endpoint.status()).isEqualTo(AgentRuntimeEndpointStatus.READY);
                    assertThat(endpoint.liveVersion()).isEqualTo(version);
                }));
    }

    /** Begins a session and returns its id. */
    private static String session(String runtime, String qualifier) {
        String session = UUID.randomUUID().toString();
        assertThat(said(runtime, qualifier, session)).isEqualTo(session);
        return session;
    }

    /** What the agent answers, which is what it is sent: the id of the session. */
    private static String said(String runtime, String qualifier, String session) {
        return data.invokeAgentRuntimeAsBytes(r -> {
            r.agentRuntimeArn(runtime).runtimeSessionId(session).payload(SdkBytes.fromUtf8String(session));
            if (!qualifier.isEmpty()) {
                r.qualifier(qualifier);
            }
        }).asUtf8String();
    }

    private static void end(String runtime, String session) {
        assertThat(data.stopRuntimeSession(r -> r.agentRuntimeArn(runtime).runtimeSessionId(session)).runtimeSessionId()).isEqualTo(session);
    }

    /** The first digits of the digest of what the session runs. */
    private static String version(String runtime, String session) {
        return shown(runtime, session).body().replaceFirst(".*\"digest\"\\s*:\\s*\"([^\"]*)\".*", "$1");
    }

    private static HttpResponse<String> shown(String runtime, String session) {
        try {
            return HTTP.send(HttpRequest.newBuilder(URI.create(ControlServer.ENDPOINT + "/runtimes/" + runtime + "/sessions/" + session))
                    .header("Authorization", "Bearer " + alice).build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String digest(String text) {
        return TestWar.digest(TestWar.of(text)).substring(0, 12);
    }
}
