package dev.agentruntime.console;

import dev.agentruntime.api.Cost;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.SessionView.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Sessions, picked and sorted as the address says; those that are ticked can be ended together. */
final class SessionsPage {

    private final Frame frame;
    private final Rooms rooms;
    private final Instant now;

    SessionsPage(Frame frame, Rooms rooms, Instant now) {
        this.frame = frame;
        this.rooms = rooms;
        this.now = now;
    }

    /** @param notice what was done just now; empty where nothing was */
    String of(List<SessionView> sessions, SessionQuery query, Optional<String> notice) {
        List<SessionView> found = query.sorted(sessions);
        return frame.page(Place.SESSIONS.title(), Optional.of(Place.SESSIONS), html -> {
            notice.ifPresent(text -> html.with("p", text, "role", "status"));
            filter(html, query);
            List<SessionView> shown = query.onPage(found);
            if (shown.isEmpty()) {
                html.with("p", "There are none.");
            } else {
                html.open("form", "method", "post", "action", frame.root() + "/sessions/stop");
                table(html, shown);
                frame.secret(html).with("button", "End those that are ticked", "type", "submit").close();
            }
            pages(html, query, found.size());
        });
    }

    private void filter(Html html, SessionQuery query) {
        html.open("form", "method", "get", "action", frame.root() + "/sessions", "class", "filter", "role", "search");
        field(html, "agent", "Agent", query.agent().orElse(""));
        field(html, "user", "User", query.user().orElse(""));
        html.open("label").text("State ").open("select", "name", "state").open("option", "value", "").text("alive").close();
        for (Status status : Status.values()) {
            option(html, Words.of(status), Words.of(status), query.state().filter(status::equals).isPresent());
        }
        html.close().close().open("label").text("Order ").open("select", "name", "sort");
        for (SessionQuery.Sort sort : SessionQuery.Sort.values()) {
            option(html, Words.of(sort), sort.title(), query.sort() == sort);
        }
        html.close().close().with("button", "Show", "type", "submit").close();
    }

    private static void field(Html html, String name, String label, String value) {
        html.open("label").text(label + " ").alone("input", "name", name, "value", value, "type", "text").close();
    }

    private static void option(Html html, String value, String label, boolean chosen) {
        if (chosen) {
            html.with("option", label, "value", value, "selected", "selected");
        } else {
            html.with("option", label, "value", value);
        }
    }

    private void table(Html html, List<SessionView> shown) {
        html.open("div", "class", "wide").open("table");
        Frame.heads(html, "Sessions; times in UTC", "End", "Session", "Agent", "User", "State", "Age", "Ends", "CPU s", "GB s", "Cost", "Why it ended");
        html.open("tbody");
        shown.forEach(session -> row(html, session));
        html.close().close().close();
    }

    private void row(Html html, SessionView session) {
        html.open("tr").open("td");
        if (session.status() != Status.TERMINATED) {
            html.alone("input", "type", "checkbox", "name", "session", "value", Picked.of(session).text(), "aria-label", "End " + session.sessionId());
        }
        html.close().open("th", "scope", "row").with("a", session.sessionId(), "href", frame.session(session.runtime(), session.sessionId())).close()
                .with("td", session.runtime()).with("td", session.subject().name()).with("td", Words.of(session.status()))
                .with("td", Words.span(Duration.between(session.createdAt(), now)))
                .with("td", Ending.of(session).map(Words::time).orElse("")).with("td", Words.cpu(session.usage().cpuNanos()))
                .with("td", session.usage().memoryGigabyteSeconds(2).toPlainString()).with("td", rooms.cost(session).map(Cost::toString).orElse(""))
                .with("td", session.terminationReason().orElse("")).close();
    }

    private void pages(Html html, SessionQuery query, int found) {
        int last = Math.max(1, (found + SessionQuery.PAGE - 1) / SessionQuery.PAGE);
        html.open("nav", "aria-label", "Pages of the list").open("p").text(found + " in all, page " + query.page() + " of " + last + " ");
        if (query.page() > 1) {
            html.with("a", "Earlier", "href", frame.root() + "/sessions?" + query.address(query.page() - 1)).text(" ");
        }
        if (query.page() < last) {
            html.with("a", "Later", "href", frame.root() + "/sessions?" + query.address(query.page() + 1));
        }
        html.close().close();
    }
}
