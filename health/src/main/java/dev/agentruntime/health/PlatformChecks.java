package dev.agentruntime.health;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.PlatformStatus;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/** What the health checks share: the rule of readiness, and the data an operator wants beside UP or DOWN. */
final class PlatformChecks {

    static final String NAME = "agent-runtime";

    private PlatformChecks() {}

    /**
     * Whether requests should come here: the hypervisor is reachable, the guest image is there, every agent has been tried
     * once, and not all of them have failed. One team's broken WAR does not take the server away from the others; its
     * agent's status stands in the data.
     */
    static boolean ready(PlatformStatus status) {
        return status.hypervisor().reachable() && status.hypervisor().imagePresent() && status.started()
                && (status.runtimes().isEmpty() || status.runtimes().stream().anyMatch(PlatformChecks::mayServe));
    }

    static HealthCheckResponse answer(Supplier<PlatformStatus> platform, Predicate<PlatformStatus> rule) {
        HealthCheckResponseBuilder answer = HealthCheckResponse.named(NAME);
        try {
            PlatformStatus status = platform.get();
            describe(status, answer);
            return answer.status(rule.test(status)).build();
        } catch (IllegalStateException noPlatform) {
            return answer.down().withData("reason", noPlatform.getMessage()).build();
        }
    }

    private static boolean mayServe(AgentRuntimeView runtime) {
        return runtime.status() != AgentRuntimeView.Status.CREATE_FAILED;
    }

    private static void describe(PlatformStatus status, HealthCheckResponseBuilder answer) {
        answer.withData("hypervisor", status.hypervisor().description());
        answer.withData("hypervisorReachable", status.hypervisor().reachable());
        answer.withData("imagePresent", status.hypervisor().imagePresent());
        for (AgentRuntimeView runtime : status.runtimes()) {
            String reason = runtime.statusReason().isEmpty() ? "" : ": " + runtime.statusReason();
            answer.withData("agent." + runtime.name(), runtime.status() + reason);
        }
    }
}
