package dev.agentruntime.agents;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.AgentRuntimeView.Status;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/** What callers see of an agent runtime. */
final class AgentViews {

    private AgentViews() {}

    /** @param hanging why it is not known what the artifact is like now */
    static AgentRuntimeView view(String name, Optional<AgentVersion> serving, PreparationState preparation,
            Optional<String> hanging, Optional<Renewal> renewal, int liveSessions) {
        return serving.map(version -> new AgentRuntimeView(name, Status.READY,
                        reason(version, preparation, hanging, renewal), preparation.log(), Optional.of(version.digest()),
                        Optional.of(version.template().startMode()), liveSessions, version.pool().size()))
                .orElseGet(() -> new AgentRuntimeView(name, status(preparation, hanging),
                        hanging.orElse(preparation.reason()), hanging.map(why -> List.<String>of()).orElse(preparation.log()),
                        Optional.empty(), Optional.empty(), liveSessions, 0));
    }

    /** @param why there is no version that serves */
    static AgentRuntimeView notMade(String name, String why, int liveSessions) {
        return new AgentRuntimeView(name, Status.CREATE_FAILED, why, List.of(), Optional.empty(), Optional.empty(), liveSessions, 0);
    }

    private static Status status(PreparationState preparation, Optional<String> hanging) {
        return preparation instanceof PreparationState.Running && hanging.isEmpty() ? Status.CREATING : Status.CREATE_FAILED;
    }

    private static String reason(AgentVersion version, PreparationState preparation, Optional<String> hanging,
            Optional<Renewal> renewal) {
        StringJoiner sentences = new StringJoiner(" ");
        if (!preparation.reason().isEmpty()) {
            sentences.add("The WAR with digest " + version.digest() + " serves; the newer one: " + preparation.reason());
        }
        hanging.ifPresent(why -> sentences.add("The WAR with digest " + version.digest()
                + " serves; whether there is a newer one is not known: " + why));
        renewal.ifPresent(boots -> sentences.add("Sessions start by booting, because a clone of the template did not work."
                + " Cloning is tried again at " + boots.retry().at() + "."));
        return sentences.toString();
    }
}
