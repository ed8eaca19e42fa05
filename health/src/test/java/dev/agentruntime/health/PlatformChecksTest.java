package dev.agentruntime.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.AgentRuntimeView.Status;
import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.HypervisorStatus;
import dev.agentruntime.api.PlatformStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlatformChecksTest {

    private static final HypervisorStatus GOOD = new HypervisorStatus(true, true, "qemu:///system");

    @Test
    void oneTeamsBrokenWarLeavesTheServerInRotation() {
        assertThat(PlatformChecks.ready(status(GOOD, true, Status.READY, Status.CREATE_FAILED))).isTrue();
    }

    @Test
    void aServerWhoseAgentsHaveAllFailedIsNotReady() {
        assertThat(PlatformChecks.ready(status(GOOD, true, Status.CREATE_FAILED, Status.CREATE_FAILED))).isFalse();
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
    void noHypervisorOrNoImageIsNotReady() {
        assertThat(PlatformChecks.ready(status(new HypervisorStatus(false, true, ""), true, Status.READY))).isFalse();
        assertThat(PlatformChecks.ready(status(new HypervisorStatus(true, false, ""), true, Status.READY))).isFalse();
    }

    private static PlatformStatus status(HypervisorStatus hypervisor, boolean started, Status... runtimes) {
        return new PlatformStatus(hypervisor, started, Arrays.stream(runtimes)
                .map(status -> new AgentRuntimeView("hello", status, "", List.of(), Optional.empty(), Optional.empty(), 0, 0)).toList());
    }
}
