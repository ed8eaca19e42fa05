package dev.agentruntime.console;

import dev.agentruntime.api.AgentRuntimeView;
import dev.agentruntime.api.PlatformStatus;
import dev.agentruntime.api.ServerStage;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.SessionView.Status;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the server is, and what lives on it. */
final class OverviewPage {

    private static final int LAST_ENDS = 10;

    private final Frame frame;

    OverviewPage(Frame frame) {
        this.frame = frame;
    }

    /** @param sessions that the visitor may see, newest first */
    String of(PlatformStatus status, List<SessionView> sessions) {
        return frame.page(Place.OVERVIEW.title(), Optional.of(Place.OVERVIEW), html -> {
            html.with("h2", "Server").open("dl");
            Frame.fact(html, "Takes requests", status.stage() == ServerStage.RUNNING ? "yes" : "no, it is being stopped");
            Frame.fact(html, "Hypervisor", status.hypervisor().description());
            Frame.fact(html, "Hypervisor answers", status.hypervisor().reachable() ? "yes" : "no: no session can begin until it does");
            Frame.fact(html, "Guest image", status.hypervisor().imagePresent() ? "there" : "missing: no session can begin");
            Frame.fact(html, "Agents", count(status.runtimes(), AgentRuntimeView.Status.READY) + " ready, "
                    + count(status.runtimes(), AgentRuntimeView.Status.CREATING) + " being made ready, "
                    + count(status.runtimes(), AgentRuntimeView.Status.CREATE_FAILED) + " failed");
            Frame.fact(html, "VMs that wait for sessions", Integer.toString(status.runtimes().stream().mapToInt(AgentRuntimeView::pooled).sum()));
            html.close();
            sessions(html, sessions);
            ends(html, sessions.stream().filter(session -> session.status() == Status.TERMINATED).limit(LAST_ENDS).toList());
        });
    }

    private void sessions(Html html, List<SessionView> sessions) {
        Map<Status, Integer> counts = new EnumMap<>(Status.class);
        sessions.forEach(session -> counts.merge(session.status(), 1, Integer::sum));
        html.with("h2", "Sessions").open("dl");
        for (Status status : Status.values()) {
            html.with("dt", Words.of(status)).open("dd")
                    .with("a", Integer.toString(counts.getOrDefault(status, 0)), "href", frame.root() + "/sessions?" + Fields.encoded("state", Words.of(status))).close();
        }
        html.close();
    }

    private void ends(Html html, List<SessionView> ended) {
        html.with("h2", "What ended last");
        if (ended.isEmpty()) {
            html.with("p", "Nothing within a day.");
            return;
        }
        html.open("ul");
        for (SessionView session : ended) {
            html.open("li").with("a", session.sessionId(), "href", frame.session(session.runtime(), session.sessionId()))
                    .text(" of " + session.runtime() + ": " + session.terminationReason().orElse("no reason is known")).close();
        }
        html.close();
    }

    private static long count(List<AgentRuntimeView> runtimes, AgentRuntimeView.Status status) {
        return runtimes.stream().filter(runtime -> runtime.status() == status).count();
    }
}
