package dev.agentruntime.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.AgentRuntimeView.Status;
import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.HypervisorStatus;
import dev.agentruntime.api.PlatformStatus;
import dev.agentruntime.api.ReadyWhen;
import dev.agentruntime.api.ServerStage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;

class PlatformChecksTest {

    private static final HypervisorStatus GOOD = new HypervisorStatus(true, true, "qemu:///system");

    @Test
    void oneTeamsBrokenWarLeavesTheServerInRotation() {
        assertThat(PlatformChecks.ready(status(GOOD, true, Status.READY, Status.CREATE_FAILED))).isTrue();
    }

    @Test
    void aMisspeltWarAsTheOnlyAgentLeavesTheServerInRotation() {
        assertThat(PlatformChecks.ready(status(GOOD, true, Status.CREATE_FAILED))).isTrue();
    }

    @Test
    void aServerThatIsToServeAllItsAgentsIsReadyOnlyWhileItDoes() {
        assertThat(PlatformChecks.ready(all(Status.READY, Status.READY))).isTrue();
        assertThat(PlatformChecks.ready(all(Status.READY, Status.CREATE_FAILED))).isFalse();
        assertThat(PlatformChecks.ready(all(Status.READY, Status.CREATING))).isFalse();
        assertThat(PlatformChecks.ready(all())).isTrue();
    }

    @Test
    void whatAnAgentLacksStandsInTheDataInOneShortLine() {
        HealthCheckResponse response = PlatformChecks.answer(() -> new PlatformStatus(
                new HypervisorStatus(true, true, "qemu:///system, " + "x".repeat(500)), true, ReadyWhen.STARTED,
                List.of(agent(Status.CREATE_FAILED, "no file\n/srv/agents/helo.war\u0000" + "y".repeat(500)))), PlatformChecks::ready);
        assertThat(response.getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
        assertThat(response.getData()).hasValueSatisfying(data -> {
            assertThat(data).containsEntry("hypervisorReachable", true).containsEntry("imagePresent", true);
            assertThat((String) data.get("hypervisor")).startsWith("qemu:///system").hasSize(201).endsWith("…");
            assertThat((String) data.get("agent.hello")).startsWith("CREATE_FAILED: no file /srv/agents/helo.war y").hasSize(201);
        });
    }

    @Test
    void aMissingPlatformIsDownAndSaysWhy() {
        HealthCheckResponse response = PlatformChecks.answer(() -> {
            throw new IllegalStateException("The agent runtime is not in JNDI");
        }, PlatformChecks::ready);
        assertThat(response.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        assertThat(response.getData()).hasValueSatisfying(data ->
                assertThat(data).containsEntry("reason", "The agent runtime is not in JNDI"));
    }

    @Test
    void theServerLivesWhateverThePlatformDoes() {
        assertThat(new LiveCheck().call().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
    }

    @Test
    void aServerWithoutAgentsIsReadyForThem() {
        assertThat(PlatformChecks.ready(status(GOOD, true))).isTrue();
    }

    @Test
    void aServerIsNotReadyBeforeEveryAgentWasTried() {
        assertThat(PlatformChecks.ready(status(GOOD, false, Status.READY, Status.CREATING))).isFalse();
    }

    @Test
    void aServerThatIsBeingStoppedIsNotReadyAndSaysSo() {
        PlatformStatus stopping = new PlatformStatus(GOOD, true, ReadyWhen.STARTED, agents(Status.READY), ServerStage.STOPPING);
        HealthCheckResponse response = PlatformChecks.answer(() -> stopping, PlatformChecks::ready);
        assertThat(response.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        assertThat(response.getData()).hasValueSatisfying(data -> assertThat(data)
                .containsEntry("reason", "The server is being stopped.").containsEntry("agent.hello", "READY"));
    }

    @Test
    void noHypervisorOrNoImageIsNotReady() {
        assertThat(PlatformChecks.ready(status(new HypervisorStatus(false, true, ""), true, Status.READY))).isFalse();
        assertThat(PlatformChecks.ready(status(new HypervisorStatus(true, false, ""), true, Status.READY))).isFalse();
    }

    private static PlatformStatus status(HypervisorStatus hypervisor, boolean started, Status... runtimes) {
        return new PlatformStatus(hypervisor, started, ReadyWhen.STARTED, agents(runtimes));
    }

    private static PlatformStatus all(Status... runtimes) {
        return new PlatformStatus(GOOD, true, ReadyWhen.ALL_AGENTS, agents(runtimes));
    }

    private static List<AgentRuntimeView> agents(Status... runtimes) {
        return Arrays.stream(runtimes).map(status -> agent(status, "")).toList();
    }

    private static AgentRuntimeView agent(Status status, String reason) {
        return new AgentRuntimeView("hello", status, reason, List.of(), Optional.empty(), Optional.empty(), 0, 0);
    }
}
