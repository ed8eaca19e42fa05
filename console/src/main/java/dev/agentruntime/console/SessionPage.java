package dev.agentruntime.console;

import dev.agentruntime.api.ConnectionsView;
import dev.agentruntime.api.Cost;
import dev.agentruntime.api.LogLine;
import dev.agentruntime.api.OutboundConnection;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.SessionView.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** All that is known of one session. */
final class SessionPage {

    private final Frame frame;
    private final Rooms rooms;
    private final Instant now;

    SessionPage(Frame frame, Rooms rooms, Instant now) {
        this.frame = frame;
        this.rooms = rooms;
        this.now = now;
    }

    String of(SessionView session, Optional<String> notice) {
        return frame.page("Session " + session.sessionId(), Optional.empty(), html -> {
            notice.ifPresent(text -> html.with("p", text, "role", "status"));
            facts(html, session);
            if (session.status() != Status.TERMINATED) {
                html.open("form", "method", "post", "action", frame.root() + "/session/stop");
                frame.secret(html).alone("input", "type", "hidden", "name", "session", "value", Picked.of(session).text())
                        .with("button", "End this session", "type", "submit").close();
            }
            used(html, session);
            rooms.out(session).ifPresent(out -> connections(html, out));
            log(html, rooms.lines(session));
        });
    }

    private void facts(Html html, SessionView session) {
        html.open("dl");
        html.with("dt", "Agent").open("dd").with("a", session.runtime(), "href", frame.root() + "/sessions?" + Fields.encoded("agent", session.runtime())).close();
        Frame.fact(html, "Version", session.digest());
        Frame.fact(html, "User", session.subject().name() + " of " + session.subject().issuer());
        Frame.fact(html, "State", Words.of(session.status()));
        Frame.fact(html, "Began", Words.time(session.createdAt()) + " UTC, " + Words.span(Duration.between(session.createdAt(), now)) + " ago");
        Frame.fact(html, "Last at work", Words.time(session.lastActivityAt()) + " UTC");
        Ending.of(session).ifPresent(end -> Frame.fact(html, "Ends", Words.time(end) + " UTC, if nothing happens"));
        session.terminationReason().ifPresent(reason -> Frame.fact(html, "Ended because", reason));
        session.startMode().ifPresent(mode -> Frame.fact(html, "Started by", Words.of(mode)
                + session.startTime().map(took -> ", in " + Words.span(took)).orElse("")));
        session.vm().ifPresent(vm -> Frame.fact(html, "VM", vm));
        html.close();
    }

    private void used(Html html, SessionView session) {
        html.with("h2", "What it has used").open("dl");
        Frame.fact(html, "Invocations", Long.toString(session.usage().invocations()));
        Frame.fact(html, "CPU", Words.cpu(session.usage().cpuNanos()) + " s");
        Frame.fact(html, "Memory", session.usage().memoryGigabyteSeconds(2).toPlainString() + " GB s, at most " + Words.megabytes(session.usage().peakMemoryBytes()));
        rooms.cost(session).map(Cost::toString).ifPresent(cost -> Frame.fact(html, "Cost", cost));
        html.close();
    }

    private static void connections(Html html, ConnectionsView out) {
        html.with("h2", "What went out of it").open("div", "class", "wide", "tabindex", "0").open("table");
        Frame.heads(html, "The newest connections; times in UTC", "Began", "Way", "Host", "Outcome", "Bytes out", "Bytes in", "Took", "Reason");
        html.open("tbody");
        for (OutboundConnection one : out.newest()) {
            html.open("tr").with("td", Words.time(one.at())).with("td", one.way()).with("td", one.host()).with("td", Words.of(one.outcome()))
                    .with("td", Long.toString(one.bytesOut())).with("td", Long.toString(one.bytesIn())).with("td", Words.span(one.took()))
                    .with("td", one.reason()).close();
        }
        html.close().close().close();
    }

    private static void log(Html html, List<LogLine> lines) {
        html.with("h2", "Its log");
        if (lines.isEmpty()) {
            html.with("p", "Nothing is kept of it.");
            return;
        }
        html.open("pre", "tabindex", "0");
        for (LogLine line : lines) {
            html.text(Words.time(line.time()) + " " + Words.of(line.source()) + " " + line.text() + "\n");
        }
        html.close();
    }
}
