package dev.agentruntime.health;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.PlatformStatus;
import dev.agentruntime.api.ReadyWhen;
import dev.agentruntime.api.ServerStage;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/** What the health checks share: the rules, and the data an operator wants beside UP or DOWN. */
final class PlatformChecks {

    /** Checks are open to all and shown in one line; the whole text is in the log and the API. */
    private static final int LONGEST = 200;

    private PlatformChecks() {}

    /**
     * Why requests should not come here; empty where they may: the server is not being stopped, the hypervisor is reachable, the guest image is
     * there, and the agents are as far as the configuration asks. Unless it asks for more, a broken WAR takes the server neither from the other
     * agents nor from the server's other applications; the agent's status stands in the data.
     */
    static Optional<Fault> unready(PlatformStatus status) {
        if (status.stage() != ServerStage.RUNNING) {
            return Optional.of(new Fault("The server is being stopped.",
                    "Nothing, where that is meant: another server, or this one when it has started again, takes requests."));
        }
        if (!status.hypervisor().reachable()) {
            return Optional.of(new Fault("The hypervisor does not answer.",
                    "Start libvirtd, or do what hypervisor says. Sessions that have a VM go on, and the platform connects again by itself."));
        }
        if (!status.hypervisor().imagePresent()) {
            return Optional.of(new Fault("Files of the guest image are missing.",
                    "Install the feature again, or have image of <agentRuntime> name the folder with the guest image."));
        }
        return notStarted(status).or(() -> unserved(status));
    }

    /** Whether some agent has not been tried yet since the start. */
    static Optional<Fault> notStarted(PlatformStatus status) {
        return status.started() ? Optional.empty() : Optional.of(new Fault("Not every agent has been tried since the start.",
                "Wait: an agent that is CREATING is being made ready, the first time in minutes where guests are emulated. Its reason says how far it is."));
    }

    private static Optional<Fault> unserved(PlatformStatus status) {
        String names = status.runtimes().stream().filter(runtime -> runtime.status() != AgentRuntimeView.Status.READY).map(AgentRuntimeView::name)
                .collect(Collectors.joining(", "));
        return status.readyWhen() == ReadyWhen.STARTED || names.isEmpty() ? Optional.empty()
                : Optional.of(new Fault("Agents are not ready, and readyWhen is allAgents: " + names,
                        "Correct them as agent.NAME says, or set readyWhen=\"started\" of <agentRuntime>."));
    }

    /**
     * What a check says.
     *
     * @param downMeans what whoever looks at DOWN should make of it
     * @param rule      why it is DOWN; empty where it is UP
     */
    static HealthCheckResponse answer(String name, String downMeans, Supplier<PlatformStatus> platform, Function<PlatformStatus, Optional<Fault>> rule) {
        HealthCheckResponseBuilder answer = HealthCheckResponse.named(name).withData("downMeans", downMeans);
        try {
            PlatformStatus status = platform.get();
            Optional<Fault> fault = rule.apply(status);
            fault.ifPresent(found -> tell(found, answer));
            describe(status, answer);
            return answer.status(fault.isEmpty()).build();
        } catch (IllegalStateException noPlatform) {
            tell(new Fault(noPlatform.getMessage(), "Do what the first AGRT message of the log that is an error says."), answer);
            return answer.down().build();
        }
    }

    private static void tell(Fault fault, HealthCheckResponseBuilder answer) {
        answer.withData("reason", Words.inOneLine(fault.reason(), LONGEST)).withData("action", fault.action());
    }

    private static void describe(PlatformStatus status, HealthCheckResponseBuilder answer) {
        answer.withData("hypervisor", Words.inOneLine(status.hypervisor().description(), LONGEST));
        answer.withData("hypervisorReachable", status.hypervisor().reachable());
        answer.withData("imagePresent", status.hypervisor().imagePresent());
        for (AgentRuntimeView runtime : status.runtimes()) {
            String reason = runtime.statusReason().isEmpty() ? "" : ": " + runtime.statusReason();
            answer.withData("agent." + runtime.name(), Words.inOneLine(runtime.status() + reason, LONGEST));
        }
    }
}
