package dev.agentruntime.invocation;

import dev.agentruntime.api.LogLine;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionLog;
import dev.agentruntime.api.SessionLogs;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.invocation.Operation.Call;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** Shows a session's log to those who may see the session: its latest lines, or those and what follows. */
final class ReadLog implements Operation.Handler {

    private final Platform platform;
    private final Supplier<Optional<SessionLogs>> logs;
    private final FollowedLogs followed;

    ReadLog(Platform platform, FrontDoor door) {
        this(platform, ReadLog::inJndi, new FollowedLogs(door.client()::later, door.writes()));
    }

    /** @param logs those of this server; empty while it keeps none */
    ReadLog(Platform platform, Supplier<Optional<SessionLogs>> logs, FollowedLogs followed) {
        this.platform = platform;
        this.logs = logs;
        this.followed = followed;
    }

    @Override
    public void serve(Call call) throws IOException {
        LogQuery query = LogQuery.of(call.request());
        SessionView session = platform.session(call.path("runtime"), call.path("session"), call.caller());
        SessionLog log = of(session);
        if (query.follow()) {
            long after = query.after().orElseGet(() -> beforeTheLast(log, query.lines()));
            followed.follow(call.request(), call.response(), call.caller().subject(), log.after(after));
        } else if (query.form() == LogQuery.Form.JSON) {
            Answers.json(call.response(), LogViews.json(session, log.last(query.lines())));
        } else {
            text(call.response(), LogViews.text(log.last(query.lines())));
        }
    }

    private SessionLog of(SessionView session) {
        SessionLogs kept = logs.get().orElseThrow(() -> new RequestException(Kind.NOT_FOUND, "This server keeps no logs of sessions"));
        return kept.of(session).orElseThrow(() -> session.status() == SessionView.Status.TERMINATED
                ? new RequestException(Kind.NOT_FOUND, "The log of session " + session.sessionId()
                        + " is not kept any more; keepFor of <agentRuntimeLogs> says for how long logs are")
                : new RequestException(Kind.RETRYABLE_CONFLICT, "Session " + session.sessionId() + " has no log yet. Ask again in a moment."));
    }

    /** Without lines asked for, what follows from now on. */
    private static long beforeTheLast(SessionLog log, int lines) {
        List<LogLine> last = log.last(Math.max(1, lines));
        if (last.isEmpty()) {
            return -1;
        }
        return lines == 0 ? last.get(0).number() : last.get(0).number() - 1;
    }

    private static void text(HttpServletResponse response, byte[] text) throws IOException {
        response.setContentType("text/plain;charset=UTF-8");
        response.setContentLength(text.length);
        response.getOutputStream().write(text);
    }

    private static Optional<SessionLogs> inJndi() {
        try {
            return Optional.of((SessionLogs) new InitialContext().lookup(SessionLogs.JNDI_NAME));
        } catch (NamingException notThere) {
            return Optional.empty();
        }
    }
}
