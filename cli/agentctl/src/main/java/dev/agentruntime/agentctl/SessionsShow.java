package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.SessionInfo;
import jakarta.json.JsonNumber;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.Command;

@Command(name = "show", description = "Show one session, its usage as it is at this moment.")
final class SessionsShow extends SessionAction {

    SessionsShow(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() {
        AgentRuntimeClient client = client();
        SessionInfo session = client.session(runtime(client, agent()), session());
        if (json()) {
            print(session.json());
            return ExitCode.OK;
        }
        Instant now = surroundings().clock().instant();
        line("session", session.id());
        line("agent", session.runtime() + (session.json().getString("digest", "").isEmpty() ? "" : ", WAR " + session.json().getString("digest")));
        line("status", session.status());
        line("subject", session.subject());
        line("began", session.createdAt() + ", " + Text.time(Duration.between(session.createdAt(), now)) + " ago" + start(session));
        line("last work", Text.time(Duration.between(session.lastActivityAt(), now)) + " ago");
        line("ends", SessionEnd.of(session, now));
        line("VM", session.vm());
        line("calls", Long.toString(session.invocations()));
        line("CPU", Text.number(session.cpuSeconds()) + " s");
        line("memory", Text.number(session.memoryGbSeconds()) + " GB s, at most " + Text.bytes(session.peakMemoryBytes()));
        line("cost", session.cost());
        return ExitCode.OK;
    }

    private static String start(SessionInfo session) {
        return session.startMode().isEmpty() ? "" : ", " + session.startMode()
                + (session.json().get("startMillis") instanceof JsonNumber millis ? " in " + millis.longValue() + " ms" : "");
    }

    private void line(String what, String value) {
        if (!value.isEmpty()) {
            out().println(what + " ".repeat(11 - what.length()) + Text.plain(value));
        }
    }
}
