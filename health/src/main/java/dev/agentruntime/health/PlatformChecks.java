package dev.agentruntime.health;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.PlatformStatus;
import dev.agentruntime.api.ReadyWhen;
import dev.agentruntime.api.ServerStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/** What the health checks share: the rule of readiness, and the data an operator wants beside UP or DOWN. */
final class PlatformChecks {

    static final String NAME = "agent-runtime";
    /** Checks are open to all and shown in one line; the whole text is in the log and the API. */
    private static final int LONGEST = 200;

    private PlatformChecks() {}

    /**
     * Whether requests should come here: the server is not being stopped, the hypervisor is reachable, the guest image is there, and the
     * agents are as far as the configuration asks. Unless it asks for more, a broken WAR takes the server neither from the other agents nor from the
     * server's other applications; the agent's status stands in the data.
     */
    static boolean ready(PlatformStatus status) {
        return status.stage() == ServerStage.RUNNING && status.hypervisor().reachable() && status.hypervisor().imagePresent() && status.started()
                && (status.readyWhen() == ReadyWhen.STARTED || status.runtimes().stream().allMatch(PlatformChecks::serves));
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

    private static boolean serves(AgentRuntimeView runtime) {
        return runtime.status() == AgentRuntimeView.Status.READY;
    }

    private static void describe(PlatformStatus status, HealthCheckResponseBuilder answer) {
        if (status.stage() == ServerStage.STOPPING) {
            answer.withData("reason", "The server is being stopped.");
        }
        answer.withData("hypervisor", Words.inOneLine(status.hypervisor().description(), LONGEST));
        answer.withData("hypervisorReachable", status.hypervisor().reachable());
        answer.withData("imagePresent", status.hypervisor().imagePresent());
        for (AgentRuntimeView runtime : status.runtimes()) {
            String reason = runtime.statusReason().isEmpty() ? "" : ": " + runtime.statusReason();
            answer.withData("agent." + runtime.name(), Words.inOneLine(runtime.status() + reason, LONGEST));
        }
    }
}
