package dev.agentruntime.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.spi.fake.ManualClock;
import dev.agentruntime.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AgentRuntimeArtifact;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AgentRuntimeEndpoint;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.AgentRuntimeEndpointStatus;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.ConflictException;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.CreateAgentRuntimeEndpointResponse;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.GetAgentRuntimeEndpointResponse;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.ServiceQuotaExceededException;

class EndpointsTest extends ControlTestBase {

    private String id;

    @BeforeEach
    void makeTwoVersions() throws Exception {
        id = made("hello");
        AgentRuntimeArtifact second = war("two");
        client.updateAgentRuntime(r -> r.agentRuntimeId(id).roleArn(ROLE).agentRuntimeArtifact(second));
        plane.tick();
    }

    @Test
    void whatAServerChangesWhoseClockIsBehindIsSeenByTheOthers() {
        client.createAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).name("one").agentRuntimeVersion("1"));
        client.createAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).name("two").agentRuntimeVersion("2"));
        plane.tick();
        ControlPlane here = plane;
        ManualClock behind = new ManualClock(Instant.parse("2026-11-26T12:00:00.123Z"));
        behind.advance(Duration.ofSeconds(-5));
        plane = new ControlPlane(new Database(database), hosting, () -> settings, Optional::empty, behind);

        client.updateAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).endpointName("one").agentRuntimeVersion("2"));
        client.updateAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).endpointName("two").agentRuntimeVersion("1"));
        plane.tick();
        here.tick();

        assertThat(here.offers().serving(id, "one")).contains(id + ".v2");
        assertThat(here.offers().serving(id, "two")).contains(id + ".v1");
    }

    @Test
    void theStandardEndpointFollowsTheLatestVersion() {
        GetAgentRuntimeEndpointResponse standard = get("DEFAULT");
        assertThat(standard.status()).isEqualTo(AgentRuntimeEndpointStatus.READY);
        assertThat(standard.liveVersion()).isEqualTo("2");
        assertThat(standard.targetVersion()).isEqualTo("2");
        assertThat(standard.agentRuntimeEndpointArn()).endsWith("runtime/" + id + "/runtime-endpoint/DEFAULT");
    }

    @Test
    void anEndpointKeepsToItsVersionAndOneCallRollsItBack() throws Exception {
        CreateAgentRuntimeEndpointResponse made = client.createAgentRuntimeEndpoint(
                r -> r.agentRuntimeId(id).name("prod").description("For all"));
        assertThat(made.status()).isEqualTo(AgentRuntimeEndpointStatus.CREATING);
        assertThat(made.targetVersion()).isEqualTo("2");
        plane.tick();
        assertThat(get("prod").description()).isEqualTo("For all");

        AgentRuntimeArtifact third = war("three");
        client.updateAgentRuntime(r -> r.agentRuntimeId(id).roleArn(ROLE).agentRuntimeArtifact(third));
        plane.tick();
        assertThat(plane.offers().serving(id, "prod")).contains(id + ".v2");
        assertThat(plane.offers().serving(id, "")).contains(id + ".v3");

        client.updateAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).endpointName("prod").agentRuntimeVersion("1"));
        assertThat(plane.offers().serving(id, "prod")).contains(id + ".v2");
        assertThat(get("prod").status()).isEqualTo(AgentRuntimeEndpointStatus.UPDATING);
        plane.tick();
        assertThat(plane.offers().serving(id, "prod")).contains(id + ".v1");
        assertThat(get("prod").liveVersion()).isEqualTo("1");
        assertThat(get("prod").description()).isEqualTo("For all");
    }

    @Test
    void anEndpointWhoseNewVersionFailsGoesOnWithTheOldOne() {
        client.createAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).name("prod"));
        plane.tick();
        hosting.set(id, 1, new Progress.Failed("The artifact is gone."));
        client.updateAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).endpointName("prod").agentRuntimeVersion("1"));
        plane.tick();
        assertThat(get("prod").status()).isEqualTo(AgentRuntimeEndpointStatus.UPDATE_FAILED);
        assertThat(get("prod").failureReason()).isEqualTo("The artifact is gone.");
        assertThat(plane.offers().serving(id, "prod")).contains(id + ".v2");
    }

    @Test
    void whileAnEndpointChangesAnotherChangeOfItIsAConflict() {
        hosting.otherwise(new Progress.Working());
        client.createAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).name("prod"));
        assertThatThrownBy(() -> client.updateAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).endpointName("prod").agentRuntimeVersion("1")))
                .isInstanceOf(ConflictException.class).hasMessageContaining("CREATING");
        assertThatThrownBy(() -> client.deleteAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).endpointName("prod")))
                .isInstanceOf(ConflictException.class);
    }

    @Test
    void theStandardEndpointIsNotChangedByHand() {
        assertThatThrownBy(() -> client.updateAgentRuntimeEndpoint(
                r -> r.agentRuntimeId(id).endpointName("DEFAULT").agentRuntimeVersion("1"))).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> client.deleteAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).endpointName("DEFAULT")))
                .isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> client.createAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).name("DEFAULT")))
                .isInstanceOf(ConflictException.class);
    }

    @Test
    void anEndpointOfAVersionOrRuntimeThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> client.createAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).name("prod").agentRuntimeVersion("9")))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> get("nowhere")).isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> client.listAgentRuntimeEndpoints(r -> r.agentRuntimeId("hello-0123456789")))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> plane.offers().serving(id, "nowhere")).isInstanceOf(RequestException.class);
        assertThat(plane.offers().serving("hello", "")).isEmpty();
    }

    @Test
    void aDeletedEndpointIsGoneAndItsVersionIsNotOfferedAnyMore() {
        client.createAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).name("prod").agentRuntimeVersion("1"));
        plane.tick();
        assertThat(plane.offers().offered().orElseThrow()).hasSize(2);
        assertThat(client.deleteAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).endpointName("prod")).statusAsString()).isEqualTo("DELETING");
        plane.tick();
        assertThatThrownBy(() -> get("prod")).isInstanceOf(ResourceNotFoundException.class);
        assertThat(plane.offers().offered().orElseThrow()).hasSize(1);
        assertThat(client.listAgentRuntimeEndpoints(r -> r.agentRuntimeId(id)).runtimeEndpoints())
                .extracting(AgentRuntimeEndpoint::name).containsExactly("DEFAULT");
    }

    @Test
    void endpointsAreListedInPartsAndNoMoreThanTenAreMade() {
        for (int i = 1; i < Limits.ENDPOINTS; i++) {
            String name = "e" + i;
            client.createAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).name(name));
        }
        assertThatThrownBy(() -> client.createAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).name("more")))
                .isInstanceOf(ServiceQuotaExceededException.class);
        assertThat(client.listAgentRuntimeEndpointsPaginator(r -> r.agentRuntimeId(id).maxResults(4)).stream()
                .flatMap(page -> page.runtimeEndpoints().stream())).hasSize(Limits.ENDPOINTS);
    }

    @Test
    void tagsOfRuntimesAndEndpointsAreKeptApart() throws Exception {
        String runtime = client.getAgentRuntime(r -> r.agentRuntimeId(id)).agentRuntimeArn();
        String endpoint = client.createAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).name("prod").tags(Map.of("stage", "prod")))
                .agentRuntimeEndpointArn();
        client.tagResource(r -> r.resourceArn(runtime).tags(Map.of("team", "blue", "cost", "7")));
        client.tagResource(r -> r.resourceArn(runtime).tags(Map.of("team", "red")));

        assertThat(client.listTagsForResource(r -> r.resourceArn(runtime)).tags())
                .containsExactlyInAnyOrderEntriesOf(Map.of("team", "red", "cost", "7"));
        assertThat(client.listTagsForResource(r -> r.resourceArn(endpoint)).tags()).containsExactlyEntriesOf(Map.of("stage", "prod"));
        client.untagResource(r -> r.resourceArn(runtime).tagKeys("team", "unknown"));
        assertThat(client.listTagsForResource(r -> r.resourceArn(runtime)).tags()).containsOnlyKeys("cost");
        restart();
        assertThat(client.listTagsForResource(r -> r.resourceArn(runtime)).tags()).containsOnlyKeys("cost");
    }

    @Test
    void tagsOfWhatIsNotHereAreNotFound() {
        assertThatThrownBy(() -> client.listTagsForResource(
                r -> r.resourceArn("arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/hello-0123456789")))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> client.listTagsForResource(
                r -> r.resourceArn("arn:aws:bedrock-agentcore:eu-west-1:123456789012:runtime/" + id)))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> client.tagResource(r -> r.resourceArn(
                "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/" + id + "/runtime-endpoint/none").tags(Map.of("a", "b"))))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    private GetAgentRuntimeEndpointResponse get(String name) {
        return client.getAgentRuntimeEndpoint(r -> r.agentRuntimeId(id).endpointName(name));
    }
}
