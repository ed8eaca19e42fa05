package dev.agentruntime.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.BodyRefusedException;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.InboundVerdict;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RoomOperations;
import dev.agentruntime.api.Subject;
import dev.agentruntime.requests.Requests;
import dev.agentruntime.spi.OfferedAgent;
import dev.agentruntime.store.Database;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AgentRuntime;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AgentRuntimeArtifact;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AgentRuntimeStatus;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.ConflictException;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.CreateAgentRuntimeResponse;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.GetAgentRuntimeResponse;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.ServerProtocol;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.UpdateAgentRuntimeResponse;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.ValidationException;

class RuntimesTest extends ControlTestBase {

    private static final String TOKEN = "0123456789012345678901234567890123456789";

    @Test
    void aRuntimeIsCreatingUntilItsVersionIsReady() throws Exception {
        hosting.otherwise(new Progress.Working());
        CreateAgentRuntimeResponse made = create("hello", "one");

        assertThat(made.agentRuntimeId()).matches("hello-[A-Za-z0-9]{10}");
        assertThat(made.agentRuntimeArn()).isEqualTo("arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/" + made.agentRuntimeId());
        assertThat(made.agentRuntimeVersion()).isEqualTo("1");
        assertThat(made.status()).isEqualTo(AgentRuntimeStatus.CREATING);
        assertThat(made.createdAt()).isEqualTo(clock.instant());
        plane.tick();
        assertThat(get(made.agentRuntimeId()).status()).isEqualTo(AgentRuntimeStatus.CREATING);

        hosting.set(made.agentRuntimeId(), 1, new Progress.Ready());
        plane.tick();
        GetAgentRuntimeResponse ready = get(made.agentRuntimeId());
        assertThat(ready.status()).isEqualTo(AgentRuntimeStatus.READY);
        assertThat(ready.agentRuntimeName()).isEqualTo("hello");
        assertThat(ready.roleArn()).isEqualTo(ROLE);
        assertThat(ready.networkConfiguration().networkModeAsString()).isEqualTo("PUBLIC");
        assertThat(ready.protocolConfiguration().serverProtocol()).isEqualTo(ServerProtocol.HTTP);
        assertThat(ready.lifecycleConfiguration().idleRuntimeSessionTimeout()).isEqualTo(900);
        assertThat(ready.lifecycleConfiguration().maxLifetime()).isEqualTo(28_800);
    }

    @Test
    void aVersionThatCannotBePreparedSaysWhy() throws Exception {
        hosting.otherwise(new Progress.Failed("Its WAR does not start: no /ping.\u0000\u001b[31m"));
        String id = made("hello");

        GetAgentRuntimeResponse failed = get(id);
        assertThat(failed.status()).isEqualTo(AgentRuntimeStatus.CREATE_FAILED);
        assertThat(failed.failureReason()).startsWith("Its WAR does not start: no /ping.").doesNotContain("\u001b");
        assertThat(client.getAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).endpointName("DEFAULT")).statusAsString())
                .isEqualTo("CREATE_FAILED");

        hosting.otherwise(new Progress.Ready());
        update(id, "mended");
        plane.tick();
        assertThat(get(id).status()).isEqualTo(AgentRuntimeStatus.READY);
        assertThat(get(id).failureReason()).isNull();
    }

    @Test
    void theIdentityOfARuntimeIsNamedWhileThereIsARoomOfIdentities() throws Exception {
        CreateAgentRuntimeResponse without = create("hello", "one");
        assertThat(without.workloadIdentityDetails()).isNull();
        identities = Optional.of(runtime -> "arn:of:" + runtime);
        String id = made("other");
        assertThat(get(id).workloadIdentityDetails().workloadIdentityArn()).isEqualTo("arn:of:" + id);
        assertThat(get(without.agentRuntimeId()).workloadIdentityDetails().workloadIdentityArn()).isEqualTo("arn:of:" + without.agentRuntimeId());
        AgentRuntimeArtifact second = war("two");
        assertThat(client.updateAgentRuntime(r -> r.agentRuntimeId(id).roleArn(ROLE).agentRuntimeArtifact(second)).workloadIdentityDetails()
                .workloadIdentityArn()).isEqualTo("arn:of:" + id);
        assertThat(create("third", "one").workloadIdentityDetails().workloadIdentityArn()).startsWith("arn:of:third-");
        identities = Optional.empty();
        assertThat(get(id).workloadIdentityDetails()).isNull();
    }

    @Test
    void everythingThatWasAskedForIsShownAgain() throws Exception {
        String id = create("hello", "one", request -> request.description("A greeter")
                .environmentVariables(Map.of("MODE", "polite", "EMPTY", ""))
                .lifecycleConfiguration(l -> l.idleRuntimeSessionTimeout(60).maxLifetime(120))
                .requestHeaderConfiguration(h -> h.requestHeaderAllowlist("Authorization", "X-Team"))
                .protocolConfiguration(p -> p.serverProtocol(ServerProtocol.MCP))).agentRuntimeId();

        GetAgentRuntimeResponse shown = get(id);
        assertThat(shown.description()).isEqualTo("A greeter");
        assertThat(shown.environmentVariables()).containsExactlyInAnyOrderEntriesOf(Map.of("MODE", "polite", "EMPTY", ""));
        assertThat(shown.lifecycleConfiguration().maxLifetime()).isEqualTo(120);
        assertThat(shown.requestHeaderConfiguration().requestHeaderAllowlist()).containsExactly("Authorization", "X-Team");
        assertThat(shown.protocolConfiguration().serverProtocol()).isEqualTo(ServerProtocol.MCP);
        assertThat(shown.agentRuntimeArtifact().containerConfiguration().containerUri())
                .isEqualTo("artifact:hello.war@sha256:" + TestWar.digest(TestWar.of("one")));

        OfferedAgent offered = plane.offers().offered().orElseThrow().get(0);
        assertThat(offered.paths().invocations()).isEqualTo("/mcp");
        assertThat(offered.passesToken()).isTrue();
        assertThat(offered.headers()).containsExactly("x-team");
        assertThat(offered.idleTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(offered.maxLifetime()).isEqualTo(Duration.ofMinutes(2));
        assertThat(offered.environment()).containsEntry("MODE", "polite");
        assertThat(offered.toString()).doesNotContain("polite");
    }

    @Test
    void sessionsThatWouldBeIdleForLongerThanTheyLiveAreRefused() throws Exception {
        assertThatThrownBy(() -> create("hello", "one", request -> request.lifecycleConfiguration(l -> l.idleRuntimeSessionTimeout(121).maxLifetime(120))))
                .isInstanceOf(ValidationException.class).hasMessageContaining("idleRuntimeSessionTimeout must not be more than maxLifetime, which is 120");
        assertThatThrownBy(() -> create("hello", "one", request -> request.lifecycleConfiguration(l -> l.idleRuntimeSessionTimeout(28_801))))
                .isInstanceOf(ValidationException.class).hasMessageContaining("which is 28800");
        create("short", "one", request -> request.lifecycleConfiguration(l -> l.maxLifetime(60)));
        create("same", "one", request -> request.lifecycleConfiguration(l -> l.idleRuntimeSessionTimeout(120).maxLifetime(120)));
    }

    @Test
    void anUpdateMakesAVersionAndTheOneBeforeServesUntilThatIsReady() throws Exception {
        String id = made("hello");
        assertThat(plane.offers().serving(id, "")).contains(id + ".v1");
        hosting.set(id, 2, new Progress.Working());

        UpdateAgentRuntimeResponse updated = update(id, "two");
        assertThat(updated.agentRuntimeVersion()).isEqualTo("2");
        assertThat(updated.status()).isEqualTo(AgentRuntimeStatus.UPDATING);
        plane.tick();
        assertThat(offered()).containsExactly(id + ".v1", id + ".v2");
        assertThat(plane.offers().serving(id, "DEFAULT")).contains(id + ".v1");

        hosting.set(id, 2, new Progress.Ready());
        plane.tick();
        assertThat(get(id).status()).isEqualTo(AgentRuntimeStatus.READY);
        assertThat(plane.offers().serving(id, "DEFAULT")).contains(id + ".v2");
        assertThat(offered()).containsExactly(id + ".v2");
    }

    @Test
    void aFailedUpdateLeavesTheVersionBeforeServing() throws Exception {
        String id = made("hello");
        hosting.set(id, 2, new Progress.Failed("broken"));
        update(id, "two");
        plane.tick();

        assertThat(get(id).status()).isEqualTo(AgentRuntimeStatus.UPDATE_FAILED);
        assertThat(get(id).failureReason()).isEqualTo("broken");
        assertThat(plane.offers().serving(id, "")).contains(id + ".v1");
        assertThat(offered()).containsExactly(id + ".v1");
    }

    @Test
    void aVersionNeverChanges() throws Exception {
        String id = made("hello");
        update(id, "two");
        plane.tick();

        GetAgentRuntimeResponse first = client.getAgentRuntime(r -> r.agentRuntimeId(id).agentRuntimeVersion("1"));
        assertThat(first.agentRuntimeVersion()).isEqualTo("1");
        assertThat(first.status()).isEqualTo(AgentRuntimeStatus.READY);
        assertThat(first.agentRuntimeArtifact().containerConfiguration().containerUri())
                .endsWith(TestWar.digest(TestWar.of("hello")));
        assertThat(send("GET", "/runtimes/" + id + "/?version=1", "").body())
                .contains("\"artifactDigest\":\"sha256:" + TestWar.digest(TestWar.of("hello")) + "\"");
        assertThat(client.listAgentRuntimeVersions(r -> r.agentRuntimeId(id)).agentRuntimes())
                .extracting(AgentRuntime::agentRuntimeVersion).containsExactly("1", "2");
    }

    @Test
    void whileSomethingIsBeingDoneAnotherChangeIsAConflict() throws Exception {
        hosting.otherwise(new Progress.Working());
        String id = create("hello", "one").agentRuntimeId();
        assertThatThrownBy(() -> update(id, "two")).isInstanceOf(ConflictException.class).hasMessageContaining("CREATING");
        assertThatThrownBy(() -> client.deleteAgentRuntime(r -> r.agentRuntimeId(id))).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> client.createAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).name("prod")))
                .isInstanceOf(ConflictException.class);
        hosting.set(id, 1, new Progress.Ready());
        plane.tick();

        update(id, "two");
        assertThatThrownBy(() -> update(id, "three")).isInstanceOf(ConflictException.class).hasMessageContaining("UPDATING");
        hosting.set(id, 2, new Progress.Ready());
        plane.tick();

        client.deleteAgentRuntime(r -> r.agentRuntimeId(id));
        assertThatThrownBy(() -> update(id, "four")).isInstanceOf(ConflictException.class).hasMessageContaining("DELETING");
        assertThatThrownBy(() -> client.deleteAgentRuntime(r -> r.agentRuntimeId(id))).isInstanceOf(ConflictException.class);
    }

    @Test
    void aDeletedRuntimeIsGoneWithAllOfIt() throws Exception {
        String id = made("hello");
        client.createAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).name("prod").tags(Map.of("a", "b")));
        plane.tick();
        assertThat(client.deleteAgentRuntime(r -> r.agentRuntimeId(id)).status()).isEqualTo(AgentRuntimeStatus.DELETING);
        assertThat(get(id).status()).isEqualTo(AgentRuntimeStatus.DELETING);
        assertThat(plane.offers().serving(id, "")).isEmpty();
        assertThat(offered()).isEmpty();
        plane.tick();

        assertThatThrownBy(() -> get(id)).isInstanceOf(ResourceNotFoundException.class);
        assertThat(client.listAgentRuntimes(r -> { }).agentRuntimes()).isEmpty();
        assertThat(made("hello")).isNotEqualTo(id);
    }

    @Test
    void aVersionThatNoEndpointNeedsCanBeDeletedAlone() throws Exception {
        String id = made("hello");
        assertThat(send("DELETE", "/runtimes/" + id + "/?version=1", "").body()).contains("DEFAULT");
        update(id, "two");
        plane.tick();
        assertThat(send("DELETE", "/runtimes/" + id + "/?version=1", "").body()).contains("\"agentRuntimeVersion\":\"1\"");
        assertThatThrownBy(() -> client.getAgentRuntime(r -> r.agentRuntimeId(id).agentRuntimeVersion("1")))
                .isInstanceOf(ResourceNotFoundException.class).hasMessageContaining("no version 1");
        update(id, "three");
        assertThat(get(id).agentRuntimeVersion()).isEqualTo("3");
    }

    @Test
    void aNameIsTakenOnce() throws Exception {
        made("hello");
        assertThatThrownBy(() -> create("hello", "other")).isInstanceOf(ConflictException.class).hasMessageContaining("already");
        hosting.configured("greeter");
        assertThatThrownBy(() -> create("greeter", "other")).isInstanceOf(ConflictException.class);
    }

    @Test
    void aRequestThatIsSentAgainIsDoneOnce() throws Exception {
        AgentRuntimeArtifact war = war("one");
        CreateAgentRuntimeResponse first = client.createAgentRuntime(
                r -> r.agentRuntimeName("hello").roleArn(ROLE).agentRuntimeArtifact(war).clientToken(TOKEN));
        plane.tick();
        CreateAgentRuntimeResponse again = client.createAgentRuntime(
                r -> r.agentRuntimeName("hello").roleArn(ROLE).agentRuntimeArtifact(war).clientToken(TOKEN));
        assertThat(again).matches(first::equalsBySdkFields, "says what the first answer said");

        assertThatThrownBy(() -> client.createAgentRuntime(
                r -> r.agentRuntimeName("other").roleArn(ROLE).agentRuntimeArtifact(war).clientToken(TOKEN)))
                .isInstanceOfSatisfying(ValidationException.class,
                        refused -> assertThat(refused.reasonAsString()).isEqualTo("IdempotentParameterMismatchException"));

        String id = first.agentRuntimeId();
        for (int i = 0; i < 2; i++) {
            assertThat(client.updateAgentRuntime(r -> r.agentRuntimeId(id).roleArn(ROLE).agentRuntimeArtifact(war).clientToken(TOKEN))
                    .agentRuntimeVersion()).isEqualTo("2");
            plane.tick();
        }
        assertThat(get(id).agentRuntimeVersion()).isEqualTo("2");
    }

    @Test
    void aRequestThatIsSentAgainIsAnsweredAlikeThoughItsFileAndItsRuntimeAreGone() throws Exception {
        Path file = Files.write(settings.folder().resolve("hello.war"), TestWar.of("one"));
        Supplier<CreateAgentRuntimeResponse> create = () -> client.createAgentRuntime(r -> r.agentRuntimeName("hello").roleArn(ROLE).clientToken(TOKEN)
                .agentRuntimeArtifact(a -> a.containerConfiguration(c -> c.containerUri("file:hello.war"))));
        CreateAgentRuntimeResponse first = create.get();
        plane.tick();
        Supplier<UpdateAgentRuntimeResponse> update = () -> client.updateAgentRuntime(r -> r.agentRuntimeId(first.agentRuntimeId()).roleArn(ROLE)
                .clientToken(TOKEN).agentRuntimeArtifact(a -> a.containerConfiguration(c -> c.containerUri("file:hello.war"))));
        UpdateAgentRuntimeResponse second = update.get();
        plane.tick();

        Files.delete(file);
        assertThat(create.get()).matches(first::equalsBySdkFields, "says what the first answer said");
        assertThat(update.get()).matches(second::equalsBySdkFields, "says what the first answer said");
        client.deleteAgentRuntime(r -> r.agentRuntimeId(first.agentRuntimeId()));
        plane.tick();
        assertThat(create.get()).matches(first::equalsBySdkFields, "says what the first answer said");
        assertThat(update.get()).matches(second::equalsBySdkFields, "says what the first answer said");
    }

    @Test
    void aTokenIsForgottenAfterADay() throws Exception {
        AgentRuntimeArtifact war = war("one");
        client.createAgentRuntime(r -> r.agentRuntimeName("hello").roleArn(ROLE).agentRuntimeArtifact(war).clientToken(TOKEN));
        clock.advance(Tokens.KEPT.plus(Duration.ofHours(1)));
        plane.tick();
        assertThatThrownBy(() -> client.createAgentRuntime(
                r -> r.agentRuntimeName("hello").roleArn(ROLE).agentRuntimeArtifact(war).clientToken(TOKEN)))
                .isInstanceOf(ConflictException.class);
    }

    @Test
    void ofManyAtOnceWithOneTokenOneIsDoneAndAllAreToldTheSame() throws Exception {
        AgentRuntimeArtifact war = war("one");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<CompletableFuture<CreateAgentRuntimeResponse>> asked = IntStream.range(0, 8).mapToObj(i ->
                    CompletableFuture.supplyAsync(() -> client.createAgentRuntime(r -> r.agentRuntimeName("hello").roleArn(ROLE)
                            .agentRuntimeArtifact(war).clientToken(TOKEN)), threads)).toList();
            Set<String> ids = new TreeSet<>();
            asked.forEach(answer -> ids.add(answer.join().agentRuntimeId()));
            assertThat(ids).hasSize(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aListIsToldInPartsThatLeaveNothingOut() throws Exception {
        Set<String> made = new TreeSet<>();
        for (int i = 0; i < 7; i++) {
            made.add(made("agent" + i));
        }
        List<String> listed = client.listAgentRuntimesPaginator(r -> r.maxResults(3)).stream()
                .flatMap(page -> page.agentRuntimes().stream()).map(AgentRuntime::agentRuntimeId).toList();
        assertThat(listed).containsExactlyElementsOf(made);

        String token = client.listAgentRuntimes(r -> r.maxResults(3)).nextToken();
        client.deleteAgentRuntime(r -> r.agentRuntimeId(listed.get(0)));
        plane.tick();
        assertThat(client.listAgentRuntimes(r -> r.nextToken(token)).agentRuntimes())
                .extracting(AgentRuntime::agentRuntimeId).containsExactlyElementsOf(listed.subList(3, 7));
        assertThatThrownBy(() -> client.listAgentRuntimeVersions(r -> r.agentRuntimeId(listed.get(1)).nextToken(token)))
                .isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> client.listAgentRuntimes(r -> r.nextToken("***"))).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> client.listAgentRuntimes(r -> r.maxResults(101))).isInstanceOf(ValidationException.class);
    }

    @Test
    void whatTheServerIsConfiguredWithIsListedAndIsNotChanged() throws Exception {
        hosting.configured("my-greeter");
        String id = client.listAgentRuntimes(r -> { }).agentRuntimes().get(0).agentRuntimeId();
        assertThat(id).matches("my_greeter-[a-z0-9]{10}");
        assertThat(get(id).agentRuntimeName()).isEqualTo("my-greeter");
        assertThat(get(id).status()).isEqualTo(AgentRuntimeStatus.READY);
        assertThat(client.listAgentRuntimeVersions(r -> r.agentRuntimeId(id)).agentRuntimes()).hasSize(1);
        assertThat(client.listAgentRuntimeEndpoints(r -> r.agentRuntimeId(id)).runtimeEndpoints())
                .singleElement().satisfies(endpoint -> assertThat(endpoint.liveVersion()).isEqualTo("1"));
        assertThatThrownBy(() -> client.deleteAgentRuntime(r -> r.agentRuntimeId(id)))
                .isInstanceOf(ConflictException.class).hasMessageContaining("server.xml");
        assertThatThrownBy(() -> update(id, "x")).isInstanceOf(ConflictException.class);
    }

    @Test
    void allOfItIsFoundAgainAfterARestart() throws Exception {
        String id = made("hello");
        update(id, "two");
        plane.tick();
        client.createAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).name("prod").agentRuntimeVersion("1"));
        plane.tick();
        GetAgentRuntimeResponse before = get(id);
        restart();

        assertThat(get(id)).matches(after -> after.equalsBySdkFields(before), "the same but for the answer's own headers, such as its date");
        assertThat(offered()).containsExactly(id + ".v1", id + ".v2");
        assertThat(plane.offers().serving(id, "prod")).contains(id + ".v1");
        assertThat(plane.offers().offered().orElseThrow()).allSatisfy(agent -> assertThat(agent.location()).isRegularFile());
    }

    @Test
    void aServerThatSharesTheDatabaseServesWhatIsMadeOnAnother() throws Exception {
        ControlPlane other = new ControlPlane(new Database(database), hosting, () -> settings, Optional::empty, clock);
        other.tick();
        String id = made("hello");
        assertThat(other.offers().serving(id, "")).isEmpty();
        other.tick();
        assertThat(other.offers().serving(id, "")).contains(id + ".v1");
        clock.advance(Duration.ofSeconds(1));
        update(id, "two");
        plane.tick();
        other.tick();
        assertThat(other.offers().serving(id, "")).contains(id + ".v2");
        client.deleteAgentRuntime(r -> r.agentRuntimeId(id));
        plane.tick();
        other.tick();
        assertThat(other.offers().serving(id, "")).isEmpty();
        assertThat(other.offers().offered()).hasValueSatisfying(agents -> assertThat(agents).isEmpty());
    }

    @Test
    void thoseThatCannotBeLookedAfterHoldUpNoOther() throws Exception {
        String broken = create("broken", "one").agentRuntimeId();
        hosting.fail(broken, new IllegalStateException("nothing is known of it"));
        hosting.fail(create("worse", "one").agentRuntimeId(), new NoClassDefFoundError("nobody can know anything of it"));
        String id = made("hello");
        assertThat(get(id).status()).isEqualTo(AgentRuntimeStatus.READY);
        assertThat(get(broken).status()).isEqualTo(AgentRuntimeStatus.CREATING);
    }

    @Test
    void aSecondThatFailsByAnErrorIsFollowedByTheNext() throws Exception {
        String id = create("hello", "one").agentRuntimeId();
        database.breakWith(new OutOfMemoryError("for once"));
        plane.tick();
        plane.tick();
        assertThat(get(id).status()).isEqualTo(AgentRuntimeStatus.READY);
    }

    @Test
    void aRuntimeIsMeantByItsNameAndAConfiguredOneByItsId() throws Exception {
        hosting.configured("my-greeter");
        String id = made("hello");
        assertThat(plane.offers().meant("hello")).contains(id);
        assertThat(plane.offers().meant(id)).as("itself").isEmpty();
        assertThat(plane.offers().meant(ReadOnlyRuntimes.id("my-greeter"))).contains("my-greeter");
        assertThat(plane.offers().meant("my_greeter-0123456789")).isEmpty();
        assertThat(plane.offers().meant("nobody")).isEmpty();
        client.deleteAgentRuntime(r -> r.agentRuntimeId(id));
        assertThat(plane.offers().meant("hello")).isEmpty();
    }

    @Test
    void callersOfWhatCouldNotBePreparedAreToldWhy() throws Exception {
        hosting.otherwise(new Progress.Failed("the WAR has no class"));
        String id = made("hello");
        assertThatThrownBy(() -> plane.offers().serving(id, "")).isInstanceOfSatisfying(RequestException.class, refused -> {
            assertThat(refused.kind()).isEqualTo(RequestException.Kind.AGENT);
            assertThat(refused).hasMessageContaining("the WAR has no class");
        });
    }

    @Test
    void theLogOfAGuestThatCouldNotBePreparedIsForAdministratorsOnly() throws Exception {
        hosting.otherwise(new Progress.Failed("The WAR has no class." + PlatformHosting.LOG + "password=1234 / Exception"));
        String id = made("hello");
        assertThat(get(id).failureReason()).contains("password=1234");
        assertThatThrownBy(() -> plane.offers().serving(id, "")).hasMessageContaining("The WAR has no class.")
                .hasMessageNotContaining("password").hasMessageNotContaining("log ends");
    }

    @Test
    void whatIsMadeIsAnsweredThoughAnotherCannotBeReadAnyMore() throws Exception {
        made("broken");
        try (Connection connection = database.open(); Statement statement = connection.createStatement()) {
            statement.execute("UPDATE control_version SET settings = 'nothing that can be read'");
        }
        assertThat(create("hello", "two").status()).isEqualTo(AgentRuntimeStatus.CREATING);
    }

    @Test
    void aSignedBodyIsReadThoughNothingOfItCounts() throws Exception {
        String id = made("hello");
        RoomOperations.Row delete = plane.operations().operations().stream().filter(row -> row.name().equals("DeleteAgentRuntime")).findFirst().orElseThrow();
        InputStream another = new InputStream() {
            @Override
            public int read() {
                throw new BodyRefusedException(new InboundVerdict.Refused(403, "InvalidSignatureException", "not the one that was signed"));
            }
        };
        assertThatThrownBy(() -> delete.handler().serve(new RoomOperations.Request(Map.of("agentRuntimeId", id), Map.of(), name -> Optional.empty(),
                another, Optional.empty(), new Caller(new Subject("https://idp", "alice"), true)))).isInstanceOf(BodyRefusedException.class);
        assertThat(get(id).status()).isEqualTo(AgentRuntimeStatus.READY);
    }

    @Test
    void whatNobodyKnowsOfARequestIsNotKept() throws Exception {
        String body = "{\"agentRuntimeName\": \"hello\", \"roleArn\": \"%s\", \"stray1\": 1, \"networkConfiguration\": {\"networkMode\": \"PUBLIC\","
                + " \"stray2\": {\"x\": [1]}}, \"agentRuntimeArtifact\": {\"containerConfiguration\": {\"containerUri\": \"%s\", \"stray3\": null}},"
                + " \"resourceConfigurations\": [{\"minimumMemoryInMiB\": 512, \"stray4\": \"y\"}], \"environmentVariables\": {\"MINE\": \"kept\"}}";
        assertThat(send("PUT", "/runtimes/", body.formatted(ROLE, war("one").containerConfiguration().containerUri())).statusCode()).isEqualTo(202);
        String id = client.listAgentRuntimes(r -> { }).agentRuntimes().get(0).agentRuntimeId();
        assertThat(send("GET", "/runtimes/" + id + "/", "").body()).doesNotContain("stray").contains("\"minimumMemoryInMiB\":512", "\"MINE\":\"kept\"");
    }

    @Test
    void aPartOfTheVersionsIsReadWithoutTheOthersSettings() throws Exception {
        String id = made("hello");
        update(id, "two");
        plane.tick();
        String token = client.listAgentRuntimeVersions(r -> r.agentRuntimeId(id).maxResults(1)).nextToken();
        try (Connection connection = database.open(); Statement statement = connection.createStatement()) {
            statement.execute("UPDATE control_version SET settings = 'nothing that can be read' WHERE number = 1");
        }
        assertThat(client.listAgentRuntimeVersions(r -> r.agentRuntimeId(id).nextToken(token)).agentRuntimes())
                .singleElement().satisfies(version -> assertThat(version.agentRuntimeVersion()).isEqualTo("2"));
    }

    @Test
    void whatThisServerCannotDoIsRefusedAndNotForgotten() {
        assertThatThrownBy(() -> create("hello", "x", r -> r.protocolConfiguration(p -> p.serverProtocol(ServerProtocol.A2_A))))
                .isInstanceOfSatisfying(ValidationException.class, refused -> assertThat(refused.fieldList())
                        .singleElement().satisfies(field -> assertThat(field.name()).isEqualTo("protocolConfiguration.serverProtocol")));
    }

    private String hooked(String hook) throws Exception {
        String uri = war("one").containerConfiguration().containerUri();
        return send("PUT", "/runtimes/", """
                {"agentRuntimeName": "hooked", "roleArn": "%s", "agentRuntimeArtifact": {"containerConfiguration": {"containerUri": "%s"}},
                 "hooksConfiguration": {"build": {"warmup": {"action": {"httpPost": %s}}}}}""".formatted(ROLE, uri, hook)).body();
    }

    @Test
    void aHookIsCalledWhereTheVersionIsPreparedAndShown() throws Exception {
        String id = hooked("{\"path\": \"/warm\", \"port\": 8080}").replaceFirst(".*\"agentRuntimeId\":\"([^\"]*)\".*", "$1");
        assertThat(plane.offers().offered().orElseThrow()).singleElement().satisfies(agent -> assertThat(agent.paths().warmup()).hasValue("/warm"));
        assertThat(send("GET", "/runtimes/" + id + "/", "").body()).contains("\"warmup\":{\"action\":{\"httpPost\":{\"path\":\"/warm\"");
        create("plain", "two");
        assertThat(plane.offers().offered().orElseThrow()).filteredOn(agent -> agent.name().startsWith("plain"))
                .singleElement().satisfies(agent -> assertThat(agent.paths().warmup()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"path\": \"/invocations\"}", "{\"path\": \"/ping\"}", "{\"path\": \"//other\"}", "{\"path\": \"/a?b\"}",
        "{\"path\": \"warm\"}", "{\"path\": \"/warm\", \"port\": 8081}", "{}", "{\"path\": \"/0123456789012345678901234567890123\"}"})
    void aHookThatCannotBeCalledIsRefused(String hook) throws Exception {
        assertThat(hooked(hook)).contains("\"name\":\"hooksConfiguration.build.warmup.action.httpPost.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Cookie", "X-Amz-Date", "x-amzn-trace-id", "Host", "Proxy-Authorization", "X-Forwarded-For", "Content-Length",
        "X-Agent-Runtime-Caller-Subject", "WorkloadAccessToken", "Sec-WebSocket-Key", "Transfer-Encoding"})
    void aHeaderThatIsNoAgentsToHaveIsRefused(String name) {
        assertThatThrownBy(() -> create("hello", "x", r -> r.requestHeaderConfiguration(h -> h.requestHeaderAllowlist("X-Team", name))))
                .isInstanceOf(ValidationException.class).hasMessageContaining(name);
    }

    @Test
    void aHeaderIsNamedOnceHoweverItIsWritten() throws Exception {
        assertThatThrownBy(() -> create("hello", "x", r -> r.requestHeaderConfiguration(h -> h.requestHeaderAllowlist("X-Team", "x-team"))))
                .isInstanceOf(ValidationException.class).hasMessageContaining("x-team");
        assertThat(create("hello", "x", r -> r.requestHeaderConfiguration(
                h -> h.requestHeaderAllowlist("X-Amzn-Bedrock-AgentCore-Runtime-Custom-Team", "Authorization"))).agentRuntimeId()).isNotEmpty();
    }

    @Test
    void aPathThatLeadsToAnotherHostIsRefused() throws Exception {
        String uri = war("one").containerConfiguration().containerUri();
        assertThat(send("PUT", "/runtimes/", """
                {"agentRuntimeName": "hello", "roleArn": "%s", "agentRuntimeArtifact": {"containerConfiguration": {"containerUri": "%s"}},
                 "protocolConfiguration": {"serverProtocol": "HTTP", "path": "//other.example/x"}}""".formatted(ROLE, uri)).body())
                .contains("\"name\":\"protocolConfiguration.path\"");
    }

    @Test
    void aVariableThatIsTheGuestsOwnIsRefused() {
        assertThatThrownBy(() -> create("hello", "x", r -> r.environmentVariables(Map.of("JAVA_TOOL_OPTIONS", "-x"))))
                .isInstanceOf(ValidationException.class).hasMessageContaining("environmentVariables.JAVA_TOOL_OPTIONS");
        assertThatThrownBy(() -> create("hello", "x", r -> r.environmentVariables(Map.of("A=B", "-x"))))
                .isInstanceOf(ValidationException.class);
        Map<String, String> large = new java.util.TreeMap<>();
        IntStream.range(0, 13).forEach(i -> large.put("V" + i, "x".repeat(5000)));
        assertThatThrownBy(() -> create("hello", "x", r -> r.environmentVariables(large)))
                .isInstanceOf(ValidationException.class).hasMessageContaining("bytes together");
    }

    @Test
    void aRequestThatIsNotValidIsRefusedWithItsFields() throws Exception {
        AgentRuntimeArtifact war = war("one");
        assertThatThrownBy(() -> client.createAgentRuntime(r -> r.agentRuntimeName("9").roleArn("nobody").agentRuntimeArtifact(war)))
                .isInstanceOfSatisfying(ValidationException.class, refused -> {
                    assertThat(refused.reasonAsString()).isEqualTo("FieldValidationFailed");
                    assertThat(refused.fieldList()).extracting(field -> field.name())
                            .containsExactlyInAnyOrder("agentRuntimeName", "roleArn");
                });
        assertThatThrownBy(() -> get("hello")).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> get("hello-0123456789")).isInstanceOf(ResourceNotFoundException.class);
        assertThat(send("PUT", "/runtimes/", "{\"agentRuntimeName\": ").body()).contains("CannotParse");
        assertThat(send("PUT", "/runtimes/", "[]").body()).contains("CannotParse");
        for (String more : List.of("x", "{}", ",", "]", "\u0000")) {
            assertThat(send("PUT", "/runtimes/", "{}" + more).body()).as(more).contains("CannotParse");
        }
        assertThat(send("PUT", "/runtimes/", "[".repeat(100_000)).body()).contains("CannotParse");
        assertThat(send("PUT", "/runtimes/", "{\"x\": \"" + "x".repeat(Requests.MOST_BYTES) + "\"}").statusCode()).isEqualTo(413);
    }

    private UpdateAgentRuntimeResponse update(String id, String text) throws Exception {
        AgentRuntimeArtifact war = war(text);
        return client.updateAgentRuntime(r -> r.agentRuntimeId(id).roleArn(ROLE).agentRuntimeArtifact(war));
    }

    private GetAgentRuntimeResponse get(String id) {
        return client.getAgentRuntime(r -> r.agentRuntimeId(id));
    }

    private List<String> offered() {
        return plane.offers().offered().orElseThrow().stream().map(OfferedAgent::name).toList();
    }
}
