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
import java.util.function.Supplier;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;

class PlatformChecksTest {

    private static final HypervisorStatus GOOD = new HypervisorStatus(true, true, "qemu:///system");

    @Test
    void oneTeamsBrokenWarLeavesTheServerInRotation() {
        assertThat(unready(status(GOOD, true, Status.READY, Status.CREATE_FAILED))).isEmpty();
    }

    @Test
    void aMisspeltWarAsTheOnlyAgentLeavesTheServerInRotation() {
        assertThat(unready(status(GOOD, true, Status.CREATE_FAILED))).isEmpty();
    }

    @Test
    void aServerThatIsToServeAllItsAgentsIsReadyOnlyWhileItDoes() {
        assertThat(unready(all(Status.READY, Status.READY))).isEmpty();
        assertThat(unready(all(Status.READY, Status.CREATE_FAILED))).isPresent();
        assertThat(unready(all(Status.READY, Status.CREATING))).isPresent();
        assertThat(unready(all())).isEmpty();
    }

    @Test
    void whatAnAgentLacksStandsInTheDataInOneShortLine() {
        HealthCheckResponse response = answer(() -> new PlatformStatus(
                new HypervisorStatus(true, true, "qemu:///system, " + "x".repeat(500)), true, ReadyWhen.STARTED,
                List.of(agent(Status.CREATE_FAILED, "no file\n/srv/agents/helo.war\u0000" + "y".repeat(500)))));
        assertThat(response.getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
        assertThat(response.getData()).hasValueSatisfying(data -> {
            assertThat(data).containsEntry("hypervisorReachable", true).containsEntry("imagePresent", true);
            assertThat((String) data.get("hypervisor")).startsWith("qemu:///system").hasSize(201).endsWith("…");
            assertThat((String) data.get("agent.hello")).startsWith("CREATE_FAILED: no file /srv/agents/helo.war y").hasSize(201);
        });
    }

    @Test
    void aMissingPlatformIsDownAndSaysWhy() {
        HealthCheckResponse response = answer(() -> {
            throw new IllegalStateException("The agent runtime is not in JNDI");
        });
        assertThat(response.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        assertThat(response.getData()).hasValueSatisfying(data ->
                assertThat(data).containsEntry("reason", "The agent runtime is not in JNDI"));
    }

    @Test
    void theServerLivesWhateverThePlatformDoes() {
        assertThat(new LiveCheck().call().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
        assertThat(new LiveCheck().call().getData()).hasValueSatisfying(data -> assertThat(data).containsKey("downMeans"));
    }

    @Test
    void eachCheckHasANameOfItsOwn() {
        assertThat(List.of(LiveCheck.NAME, ReadyCheck.NAME, StartedCheck.NAME)).doesNotHaveDuplicates().allMatch(name -> name.startsWith("agent-runtime-"));
        assertThat(new LiveCheck().call().getName()).isEqualTo(LiveCheck.NAME);
        assertThat(answer(() -> status(GOOD, true)).getName()).isEqualTo(ReadyCheck.NAME);
    }

    @Test
    void whateverTheFaultTheDataSayWhatItMeansAndWhatToDo() {
        for (PlatformStatus bad : List.of(new PlatformStatus(GOOD, true, ReadyWhen.STARTED, List.of(), ServerStage.STOPPING),
                status(new HypervisorStatus(false, true, "no libvirtd"), true), status(new HypervisorStatus(true, false, ""), true),
                status(GOOD, false), all(Status.CREATE_FAILED))) {
            HealthCheckResponse response = answer(() -> bad);
            assertThat(response.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
            assertThat(response.getData()).hasValueSatisfying(data -> {
                assertThat(data).containsEntry("downMeans", "Send no requests.");
                assertThat((String) data.get("reason")).isNotBlank();
                assertThat((String) data.get("action")).endsWith(".");
            });
        }
    }

    @Test
    void aCheckThatIsUpHasNothingToDo() {
        assertThat(answer(() -> status(GOOD, true, Status.READY)).getData())
                .hasValueSatisfying(data -> assertThat(data).containsKey("downMeans").doesNotContainKeys("reason", "action"));
    }

    @Test
    void theFaultNamesTheAgentsThatKeepTheServerFromServing() {
        assertThat(unready(all(Status.READY, Status.CREATE_FAILED))).hasValueSatisfying(fault -> assertThat(fault.reason()).endsWith("allAgents: hello"));
    }

    @Test
    void aStartIsOverWhenEveryAgentWasTriedAndNothingElseCounts() {
        assertThat(PlatformChecks.notStarted(status(new HypervisorStatus(false, false, ""), true, Status.CREATE_FAILED))).isEmpty();
        assertThat(PlatformChecks.notStarted(status(GOOD, false, Status.CREATING))).isPresent();
    }

    @Test
    void aServerWithoutAgentsIsReadyForThem() {
        assertThat(unready(status(GOOD, true))).isEmpty();
    }

    @Test
    void aServerIsNotReadyBeforeEveryAgentWasTried() {
        assertThat(unready(status(GOOD, false, Status.READY, Status.CREATING))).isPresent();
    }

    @Test
    void aServerThatIsBeingStoppedIsNotReadyAndSaysSo() {
        PlatformStatus stopping = new PlatformStatus(GOOD, true, ReadyWhen.STARTED, agents(Status.READY), ServerStage.STOPPING);
        HealthCheckResponse response = answer(() -> stopping);
        assertThat(response.getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        assertThat(response.getData()).hasValueSatisfying(data -> assertThat(data)
                .containsEntry("reason", "The server is being stopped.").containsEntry("agent.hello", "READY"));
    }

    @Test
    void noHypervisorOrNoImageIsNotReady() {
        assertThat(unready(status(new HypervisorStatus(false, true, ""), true, Status.READY))).isPresent();
        assertThat(unready(status(new HypervisorStatus(true, false, ""), true, Status.READY))).isPresent();
    }

    private static Optional<Fault> unready(PlatformStatus status) {
        return PlatformChecks.unready(status);
    }

    private static HealthCheckResponse answer(Supplier<PlatformStatus> platform) {
        return PlatformChecks.answer(ReadyCheck.NAME, "Send no requests.", platform, PlatformChecks::unready);
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
