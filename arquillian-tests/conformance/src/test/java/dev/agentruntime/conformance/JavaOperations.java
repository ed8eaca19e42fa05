package dev.agentruntime.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockagentcore.BedrockAgentCoreClient;
import software.amazon.awssdk.services.bedrockagentcore.BedrockAgentCoreClientBuilder;
import software.amazon.awssdk.services.bedrockagentcore.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockagentcore.model.InvokeAgentRuntimeRequest;
import software.amazon.awssdk.services.bedrockagentcore.model.InvokeAgentRuntimeResponse;
import software.amazon.awssdk.services.bedrockagentcore.model.RuntimeClientErrorException;
import software.amazon.awssdk.services.bedrockagentcore.model.ServiceQuotaExceededException;
import software.amazon.awssdk.services.bedrockagentcore.model.ThrottlingException;
import software.amazon.awssdk.services.bedrockagentcorecontrol.BedrockAgentCoreControlClient;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AgentRuntimeArtifact;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AgentRuntimeEndpointStatus;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AgentRuntimeStatus;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.ConflictException;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.CreateAgentRuntimeResponse;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.GetAgentRuntimeResponse;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.ValidationException;

/** What AWS's clients for Java do with one agent runtime, from its making to its end. {@code operations.mjs} does the same. */
final class JavaOperations implements AutoCloseable {

    private static final String ROLE = "arn:aws:iam::123456789012:role/agents";
    private static final String CUSTOM = "X-Amzn-Bedrock-AgentCore-Runtime-Custom-";

    private final BedrockAgentCoreControlClient control = BedrockAgentCoreControlClient.builder().endpointOverride(VmServer.ENDPOINT)
            .region(Region.of(VmServer.REGION)).credentialsProvider(credentials(VmServer.KEY_ID))
            .overrideConfiguration(o -> o.addExecutionInterceptor(new WarmupHook())).build();
    private final BedrockAgentCoreClient data = data(VmServer.KEY_ID);
    private final BedrockAgentCoreClient other = data(VmServer.OTHER_KEY_ID);
    private final String first;
    private final String second;
    private String id = "";
    private String arn = "";

    /**
     * @param first  the uploaded WAR of the first version
     * @param second of the second one
     */
    JavaOperations(String first, String second) {
        this.first = first;
        this.second = second;
    }

    private static StaticCredentialsProvider credentials(String key) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(key, VmServer.SECRET));
    }

    private static BedrockAgentCoreClient data(String key) {
        return builder(key).build();
    }

    private static BedrockAgentCoreClientBuilder builder(String key) {
        return BedrockAgentCoreClient.builder().endpointOverride(VmServer.ENDPOINT).region(Region.of(VmServer.REGION)).credentialsProvider(credentials(key));
    }

    /** Tells of the first refusal, where the client would try again by itself. */
    private static BedrockAgentCoreClient once(String key) {
        return builder(key).overrideConfiguration(o -> o.retryStrategy(retries -> retries.maxAttempts(1))).build();
    }

    @Override
    public void close() {
        control.close();
        data.close();
        other.close();
    }

    void make(Told told) {
        told.run("CreateAgentRuntime: an uploaded WAR becomes READY", this::create);
        told.run("CreateAgentRuntime: sent again with its clientToken it is done once", this::createAgain);
        told.run("CreateAgentRuntime: a name that is taken is a ConflictException", () -> assertThatThrownBy(() -> create("by_java", first, UUID.randomUUID()))
                .isInstanceOf(ConflictException.class));
        told.run("CreateAgentRuntime: a wrong name is a ValidationException that names the field", () -> assertThatThrownBy(
                () -> create("9", first, UUID.randomUUID())).isInstanceOfSatisfying(ValidationException.class,
                        refused -> assertThat(refused.fieldList().get(0).name()).isEqualTo("agentRuntimeName")));
        told.run("GetAgentRuntime: everything is shown as it was sent", this::shown);
        told.run("GetAgentRuntime: an unknown one is a ResourceNotFoundException", () -> assertThatThrownBy(
                () -> control.getAgentRuntime(r -> r.agentRuntimeId("nobody-0123456789"))).isInstanceOf(ResourceNotFoundException.class));
        told.run("ListAgentRuntimes: page by page", () -> assertThat(control.listAgentRuntimesPaginator(r -> r.maxResults(1)).stream()
                .flatMap(page -> page.agentRuntimes().stream()).map(shown -> shown.agentRuntimeId()).toList()).contains(id).hasSizeGreaterThan(1));
    }

    /** Each is sent once, as from callers who do not wait for one another. */
    private void throttled() throws InterruptedException {
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try (BedrockAgentCoreClient impatient = once(VmServer.OTHER_KEY_ID)) {
            for (int i = 0; i < 200; i++) {
                threads.execute(() -> failures.add(catchThrowable(() -> impatient.invokeAgentRuntime(r -> r.agentRuntimeArn("nobody")
                        .payload(SdkBytes.fromUtf8String("hello")), ResponseTransformer.toBytes()))));
            }
            threads.shutdown();
            assertThat(threads.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
        } finally {
            threads.shutdownNow();
        }
        assertThat(failures).filteredOn(ThrottlingException.class::isInstance).isNotEmpty().first().satisfies(failure -> {
            ThrottlingException throttled = (ThrottlingException) failure;
            assertThat(throttled.statusCode()).isEqualTo(429);
            assertThat(throttled.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("Retry-After")).hasValueSatisfying(
                    seconds -> assertThat(Integer.parseInt(seconds)).isPositive());
        });
    }

    private void create() {
        CreateAgentRuntimeResponse made = create("by_java", first, UUID.nameUUIDFromBytes(first.getBytes(StandardCharsets.UTF_8)));
        id = made.agentRuntimeId();
        arn = made.agentRuntimeArn();
        ready();
    }

    private void createAgain() {
        assertThat(create("by_java", first, UUID.nameUUIDFromBytes(first.getBytes(StandardCharsets.UTF_8))).agentRuntimeId()).isEqualTo(id);
    }

    private CreateAgentRuntimeResponse create(String name, String uri, UUID clientToken) {
        return control.createAgentRuntime(r -> r.agentRuntimeName(name).roleArn(ROLE).clientToken(clientToken.toString()).description("a parrot")
                .agentRuntimeArtifact(artifact(uri)).environmentVariables(Map.of("MODE", "polite")).tags(Map.of("team", "blue"))
                .networkConfiguration(network -> network.networkMode("PUBLIC"))
                .lifecycleConfiguration(life -> life.idleRuntimeSessionTimeout(600).maxLifetime(3600)));
    }

    private static AgentRuntimeArtifact artifact(String uri) {
        return AgentRuntimeArtifact.fromContainerConfiguration(container -> container.containerUri(uri));
    }

    private GetAgentRuntimeResponse ready() {
        return await().atMost(Duration.ofMinutes(8)).until(() -> control.getAgentRuntime(r -> r.agentRuntimeId(id)), shown -> {
            assertThat(shown.status()).as(shown.failureReason()).isNotIn(AgentRuntimeStatus.CREATE_FAILED, AgentRuntimeStatus.UPDATE_FAILED);
            return shown.status() == AgentRuntimeStatus.READY;
        });
    }

    private void shown() {
        GetAgentRuntimeResponse shown = control.getAgentRuntime(r -> r.agentRuntimeId(id));
        assertThat(shown.agentRuntimeName()).isEqualTo("by_java");
        assertThat(shown.agentRuntimeVersion()).isEqualTo("1");
        assertThat(shown.description()).isEqualTo("a parrot");
        assertThat(shown.environmentVariables()).isEqualTo(Map.of("MODE", "polite"));
        assertThat(shown.lifecycleConfiguration().maxLifetime()).isEqualTo(3600);
        assertThat(shown.agentRuntimeArtifact().containerConfiguration().containerUri()).isEqualTo(first);
    }

    void invoke(Told told) {
        told.run("InvokeAgentRuntime: by ARN, by id and account, and by name", () -> {
            assertThat(said(arn, r -> { })).isEqualTo("hello");
            assertThat(said(id, r -> r.accountId("123456789012"))).isEqualTo("hello");
            assertThat(said("by_java", r -> { })).isEqualTo("hello");
        });
        told.run("InvokeAgentRuntime: a megabyte comes back byte for byte", () -> {
            byte[] bytes = new byte[1 << 20];
            new Random(1).nextBytes(bytes);
            ResponseBytes<InvokeAgentRuntimeResponse> answer = ask(arn, r -> r.contentType("application/octet-stream").payload(SdkBytes.fromByteArray(bytes)));
            assertThat(answer.asByteArray()).isEqualTo(bytes);
            assertThat(answer.response().contentType()).isEqualTo("application/octet-stream");
        });
        told.run("InvokeAgentRuntime: events arrive one by one", this::stream);
        told.run("InvokeAgentRuntime: a session keeps its state", () -> {
            String session = UUID.randomUUID().toString();
            assertThat(header(ask(arn, r -> r.runtimeSessionId(session)), "Calls")).isEqualTo("1");
            ResponseBytes<InvokeAgentRuntimeResponse> again = ask(arn, r -> r.runtimeSessionId(session));
            assertThat(header(again, "Calls")).isEqualTo("2");
            assertThat(again.response().runtimeSessionId()).isEqualTo(session);
        });
        told.run("InvokeAgentRuntime: somebody else's session is an AccessDeniedException", () -> {
            String session = ask(arn, r -> { }).response().runtimeSessionId();
            assertThatThrownBy(() -> other.invokeAgentRuntime(request(arn, r -> r.runtimeSessionId(session)), ResponseTransformer.toBytes()))
                    .isInstanceOf(AccessDeniedException.class);
        });
        told.run("InvokeAgentRuntime: an agent's failure is a RuntimeClientError with its message", () -> assertThatThrownBy(
                () -> ask(arn, r -> r.payload(SdkBytes.fromUtf8String("fail")))).isInstanceOf(RuntimeClientErrorException.class)
                .hasMessageContaining("500"));
        told.run("InvokeAgentRuntime: an unknown runtime is a ResourceNotFoundException", () -> assertThatThrownBy(() -> ask("nobody", r -> { }))
                .isInstanceOf(software.amazon.awssdk.services.bedrockagentcore.model.ResourceNotFoundException.class));
        told.run("InvokeAgentRuntime: one session too many is a ServiceQuotaExceededException", () -> {
            String session = ask(VmServer.NARROW, r -> { }).response().runtimeSessionId();
            assertThatThrownBy(() -> ask(VmServer.NARROW, r -> { })).isInstanceOf(ServiceQuotaExceededException.class);
            stop(VmServer.NARROW, session);
        });
        told.run("hooksConfiguration, which no client knows yet and is put into its request: each session begins with what the warm-up hook has made", () -> {
            for (int session = 0; session < 2; session++) {
                ResponseBytes<InvokeAgentRuntimeResponse> answer = ask(arn, r -> { });
                assertThat(header(answer, "Warmed")).isEqualTo("1");
                stop(arn, answer.response().runtimeSessionId());
            }
        });
        told.run("InvokeAgentRuntime: the origin of a page that may call is named in the answer, another is not", () -> {
            String page = VmServer.PAGE.toString().replaceFirst("/$", "");
            assertThat(allowed(page)).hasValue(page);
            assertThat(allowed("https://another.example")).isEmpty();
        });
        told.run("InvokeAgentRuntimeWithWebSocketStream: a URL that was signed beforehand opens it, and what is said comes back", this::webSocket);
        told.run("InvokeAgentRuntimeCommandShell: a URL that was signed beforehand opens it, and it tells its exit code", this::shell);
        told.run("InvokeAgentRuntime: more requests in a second than one caller may is a ThrottlingException that says when to come back", this::throttled);
        told.run("StopRuntimeSession: ends it, and once more changes nothing", () -> {
            String session = ask(arn, r -> { }).response().runtimeSessionId();
            stop(arn, session);
            stop(arn, session);
            assertThat(header(ask(arn, r -> r.runtimeSessionId(session)), "Calls")).as("its state is gone").isEqualTo("1");
        });
        told.run("StopRuntimeSession: an unknown one is a ResourceNotFoundException", () -> assertThatThrownBy(() -> stop(arn, UUID.randomUUID().toString()))
                .isInstanceOf(software.amazon.awssdk.services.bedrockagentcore.model.ResourceNotFoundException.class));
    }

    /** The origin that may read the answer to a request of a page of {@code origin}. */
    private Optional<String> allowed(String origin) {
        InvokeAgentRuntimeResponse answer = ask(arn, r -> r.overrideConfiguration(o -> o.putHeader("Origin", origin))).response();
        stop(arn, answer.runtimeSessionId());
        return answer.sdkHttpResponse().firstMatchingHeader("Access-Control-Allow-Origin");
    }

    private void webSocket() throws InterruptedException {
        String session = UUID.randomUUID().toString();
        try (SignedSocket socket = new SignedSocket("/runtimes/by_java/ws", session)) {
            socket.say("hello");
            assertThat(socket.hear()).isEqualTo("hello");
        }
        stop(arn, session);
    }

    private void shell() throws InterruptedException {
        String session = UUID.randomUUID().toString();
        try (SignedSocket shell = new SignedSocket("/runtimes/by_java/ws/shells", session)) {
            assertThat(shell.hear()).startsWith("3{").contains("\"reconnected\":false");
            shell.say(4, "{\"width\":100,\"height\":30}");
            shell.say(0, "stty size; exit 3\n");
            assertThat(shell.until("ExitCode")).contains("30 100").contains("\"message\":\"3\"");
            assertThat(shell.hear()).isEqualTo("close 1000");
        }
        stop(arn, session);
    }

    private void stop(String runtime, String session) {
        assertThat(data.stopRuntimeSession(r -> r.agentRuntimeArn(runtime).runtimeSessionId(session)).runtimeSessionId()).isEqualTo(session);
    }

    private static InvokeAgentRuntimeRequest request(String runtime, Consumer<InvokeAgentRuntimeRequest.Builder> more) {
        InvokeAgentRuntimeRequest.Builder request = InvokeAgentRuntimeRequest.builder().agentRuntimeArn(runtime).contentType("text/plain")
                .payload(SdkBytes.fromUtf8String("hello"));
        more.accept(request);
        return request.build();
    }

    private ResponseBytes<InvokeAgentRuntimeResponse> ask(String runtime, Consumer<InvokeAgentRuntimeRequest.Builder> more) {
        return data.invokeAgentRuntime(request(runtime, more), ResponseTransformer.toBytes());
    }

    private String said(String runtime, Consumer<InvokeAgentRuntimeRequest.Builder> more) {
        return ask(runtime, more).asUtf8String();
    }

    private static String header(ResponseBytes<InvokeAgentRuntimeResponse> answer, String name) {
        return answer.response().sdkHttpResponse().firstMatchingHeader(CUSTOM + name).orElseThrow();
    }

    private void stream() throws Exception {
        List<String> events = new ArrayList<>();
        List<Long> times = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(data.invokeAgentRuntime(
                request(arn, r -> r.accept("text/event-stream")), ResponseTransformer.toInputStream()), StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> line.startsWith("data: ")).forEach(line -> {
                events.add(line.substring(6));
                times.add(System.nanoTime());
            });
        }
        assertThat(events).containsExactly("1", "2", "3");
        assertThat(Duration.ofNanos(times.get(2) - times.get(0))).isGreaterThan(Duration.ofMillis(300));
    }

    void change(Told told) {
        told.run("UpdateAgentRuntime: no request fails while the second version comes", this::updateUnderLoad);
        told.run("UpdateAgentRuntime: while one is under way another is a ConflictException", () -> {
            control.updateAgentRuntime(r -> r.agentRuntimeId(id).roleArn(ROLE).agentRuntimeArtifact(artifact(first)));
            assertThatThrownBy(() -> control.updateAgentRuntime(r -> r.agentRuntimeId(id).roleArn(ROLE).agentRuntimeArtifact(artifact(second))))
                    .isInstanceOf(ConflictException.class);
            ready();
            control.updateAgentRuntime(r -> r.agentRuntimeId(id).roleArn(ROLE).agentRuntimeArtifact(artifact(second)));
            assertThat(ready().agentRuntimeVersion()).isEqualTo("4");
        });
        told.run("ListAgentRuntimeVersions: all of them", () -> assertThat(control.listAgentRuntimeVersions(r -> r.agentRuntimeId(id)).agentRuntimes())
                .extracting(version -> version.agentRuntimeVersion()).containsExactlyInAnyOrder("1", "2", "3", "4"));
        told.run("CreateAgentRuntimeEndpoint: keeps to its version", () -> {
            control.createAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).name("prod").agentRuntimeVersion("1"));
            serves("prod", "1");
            assertThat(header(ask(arn, r -> r.qualifier("prod")), "Version")).isEqualTo("1");
            assertThat(header(ask(arn, r -> r.qualifier("DEFAULT")), "Version")).isEqualTo("2");
        });
        told.run("GetAgentRuntimeEndpoint: shows its version and status", () -> serves("DEFAULT", "4"));
        told.run("UpdateAgentRuntimeEndpoint: forward, and back with one call", () -> {
            control.updateAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).endpointName("prod").agentRuntimeVersion("2"));
            serves("prod", "2");
            assertThat(header(ask(arn, r -> r.qualifier("prod")), "Version")).isEqualTo("2");
            control.updateAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).endpointName("prod").agentRuntimeVersion("1"));
            serves("prod", "1");
            assertThat(header(ask(arn, r -> r.qualifier("prod")), "Version")).isEqualTo("1");
        });
        told.run("ListAgentRuntimeEndpoints: all of them", () -> assertThat(control.listAgentRuntimeEndpoints(r -> r.agentRuntimeId(id)).runtimeEndpoints())
                .extracting(endpoint -> endpoint.name()).containsExactlyInAnyOrder("DEFAULT", "prod"));
        told.run("TagResource, UntagResource, ListTagsForResource", () -> {
            control.tagResource(r -> r.resourceArn(arn).tags(Map.of("stage", "test")));
            control.untagResource(r -> r.resourceArn(arn).tagKeys("team"));
            assertThat(control.listTagsForResource(r -> r.resourceArn(arn)).tags()).isEqualTo(Map.of("stage", "test"));
        });
    }

    private void updateUnderLoad() {
        String living = UUID.randomUUID().toString();
        assertThat(header(ask(arn, r -> r.runtimeSessionId(living)), "Version")).isEqualTo("1");
        AtomicBoolean going = new AtomicBoolean(true);
        AtomicInteger asked = new AtomicInteger();
        CompletableFuture<Void> load = CompletableFuture.runAsync(() -> askWhile(going, living, asked));
        try {
            some(asked, load);
            control.updateAgentRuntime(r -> r.agentRuntimeId(id).roleArn(ROLE).agentRuntimeArtifact(artifact(second)));
            assertThat(ready().agentRuntimeVersion()).isEqualTo("2");
            some(asked, load);
        } finally {
            going.set(false);
        }
        load.join();
        System.out.println("OperationsIT: " + asked + " requests of the client for Java around an update, none failed");
        assertThat(header(ask(arn, r -> { }), "Version")).isEqualTo("2");
    }

    /** Waits until some more requests were answered, or one was not. */
    private static void some(AtomicInteger asked, CompletableFuture<Void> load) {
        int before = asked.get();
        await().atMost(Duration.ofMinutes(3)).until(() -> load.isDone() || asked.get() >= before + 9);
    }

    /** Asks in new sessions, one after the other, and in one that lives on; throws where a request fails, which nobody tries again. */
    private void askWhile(AtomicBoolean going, String living, AtomicInteger asked) {
        try (BedrockAgentCoreClient once = once(VmServer.KEY_ID)) {
            while (going.get()) {
                ResponseBytes<InvokeAgentRuntimeResponse> answer = once.invokeAgentRuntime(request(arn, r -> { }), ResponseTransformer.toBytes());
                assertThat(answer.asUtf8String()).isEqualTo("hello");
                once.stopRuntimeSession(r -> r.agentRuntimeArn(arn).runtimeSessionId(answer.response().runtimeSessionId()));
                assertThat(header(once.invokeAgentRuntime(request(arn, r -> r.runtimeSessionId(living)), ResponseTransformer.toBytes()), "Version"))
                        .as("the version that the living session began with").isEqualTo("1");
                asked.addAndGet(3);
            }
        }
    }

    private void serves(String endpoint, String version) {
        await().atMost(Duration.ofMinutes(3)).untilAsserted(() -> assertThat(control.getAgentRuntimeEndpoint(
                r -> r.agentRuntimeId(id).endpointName(endpoint))).satisfies(shown -> {
                    assertThat(shown.status()).isEqualTo(AgentRuntimeEndpointStatus.READY);
                    assertThat(shown.liveVersion()).isEqualTo(version);
                }));
    }

    void afterTheRestart(Told told) {
        told.run("GetAgentRuntime, InvokeAgentRuntime: after a restart of the server all of it is there", () -> {
            assertThat(ready().agentRuntimeVersion()).isEqualTo("4");
            assertThat(header(ask(arn, r -> r.qualifier("prod")), "Version")).isEqualTo("1");
            assertThat(header(ask(arn, r -> { }), "Version")).isEqualTo("2");
            assertThat(control.listTagsForResource(r -> r.resourceArn(arn)).tags()).isEqualTo(Map.of("stage", "test"));
        });
        told.run("DeleteAgentRuntimeEndpoint: it is gone", () -> {
            control.deleteAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).endpointName("prod"));
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThatThrownBy(() -> control.getAgentRuntimeEndpoint(
                    r -> r.agentRuntimeId(id).endpointName("prod"))).isInstanceOf(ResourceNotFoundException.class));
        });
        told.run("DeleteAgentRuntime: it is gone, and nobody invokes it", () -> {
            control.deleteAgentRuntime(r -> r.agentRuntimeId(id));
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThatThrownBy(() -> control.getAgentRuntime(r -> r.agentRuntimeId(id)))
                    .isInstanceOf(ResourceNotFoundException.class));
            assertThatThrownBy(() -> ask(arn, r -> { }))
                    .isInstanceOf(software.amazon.awssdk.services.bedrockagentcore.model.ResourceNotFoundException.class);
        });
    }
}
