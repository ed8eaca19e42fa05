package dev.agentruntime.control;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RequestException;
import java.util.List;

/** The platform of this server. A version that it has not taken up yet, or not said anything of, counts as being worked on. */
record PlatformHosting(Platform platform) implements Hosting {

    /** Comes between a reason and the log. */
    static final String LOG = " Its log ends: ";

    private static final int LOG_LINES = 3;

    @Override
    public Progress progress(String runtime, int version) {
        try {
            AgentRuntimeView view = platform.runtime(AgentName.of(runtime, version));
            return switch (view.status()) {
                case CREATING -> new Progress.Working();
                case READY -> new Progress.Ready();
                case CREATE_FAILED -> new Progress.Failed(reason(view));
            };
        } catch (RequestException notThere) {
            return new Progress.Working();
        }
    }

    /** With the last lines of the guest's log, which say more than any sentence of the platform's. */
    private static String reason(AgentRuntimeView view) {
        List<String> log = view.log().subList(Math.max(0, view.log().size() - LOG_LINES), view.log().size());
        return log.isEmpty() ? view.statusReason() : view.statusReason() + LOG + String.join(" / ", log);
    }

    @Override
    public List<AgentRuntimeView> others() {
        try {
            return platform.runtimes().stream().filter(view -> !AgentName.isOfVersion(view.name())).toList();
        } catch (RequestException noPlatform) {
            return List.of();
        }
    }
}
