package dev.agentruntime.invocation;

import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionLog;
import dev.agentruntime.api.SessionLogs;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.invocation.Operation.Call;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** Shows a session's log to those who may see the session: its latest lines, or those and what follows. */
final class ReadLog implements Operation.Handler {

    private final Platform platform;
    private final Supplier<Optional<SessionLogs>> logs;
    private final LogAnswers answers;

    ReadLog(Platform platform, FrontDoor door) {
        this(platform, ReadLog::inJndi, new LogAnswers(door.client()::later, door.writes()));
    }

    /** @param logs those of this server; empty while it keeps none */
    ReadLog(Platform platform, Supplier<Optional<SessionLogs>> logs, LogAnswers answers) {
        this.platform = platform;
        this.logs = logs;
        this.answers = answers;
    }

    @Override
    public void serve(Call call) throws IOException {
        LogQuery query = LogQuery.of(call.request());
        SessionView session = platform.session(call.path("runtime"), call.path("session"), call.caller());
        SessionLog log = of(session);
        if (query.follow()) {
            SessionLog.Follower from = query.after().map(log::after).orElseGet(() -> log.latest(query.lines()));
            answers.send(call, session, from, new LogForm.Events(), Optional.empty());
        } else {
            LogForm form = query.form() == LogQuery.Form.JSON ? new LogForm.JsonDocument(session) : new LogForm.Text();
            answers.send(call, session, log.latest(query.lines()), form, Optional.of(query.lines()));
        }
    }

    private SessionLog of(SessionView session) {
        SessionLogs kept = logs.get().orElseThrow(() -> new RequestException(Kind.NOT_FOUND, "This server keeps no logs of sessions"));
        return kept.of(session).orElseThrow(() -> session.status() == SessionView.Status.TERMINATED
                ? new RequestException(Kind.NOT_FOUND, "The log of session " + session.sessionId()
                        + " is not kept any more; keepFor of <agentRuntimeLogs> says for how long logs are")
                : new RequestException(Kind.RETRYABLE_CONFLICT, "Session " + session.sessionId() + " has no log yet. Ask again in a moment."));
    }

    private static Optional<SessionLogs> inJndi() {
        try {
            return Optional.of((SessionLogs) new InitialContext().lookup(SessionLogs.JNDI_NAME));
        } catch (NamingException notThere) {
            return Optional.empty();
        }
    }
}
