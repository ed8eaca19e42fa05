package dev.agentruntime.invocation;

import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionConnections;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.invocation.Operation.Call;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** Shows what went out of a session's guest to those who may see the session. */
final class ReadConnections implements Operation.Handler {

    private final Platform platform;
    private final Supplier<Optional<SessionConnections>> connections;

    ReadConnections(Platform platform) {
        this(platform, ReadConnections::inJndi);
    }

    /** @param connections those of this server; empty while it lets nothing out */
    ReadConnections(Platform platform, Supplier<Optional<SessionConnections>> connections) {
        this.platform = platform;
        this.connections = connections;
    }

    @Override
    public void serve(Call call) throws IOException {
        SessionView session = platform.session(call.path("runtime"), call.path("session"), call.caller());
        SessionConnections all = connections.get()
                .orElseThrow(() -> new RequestException(Kind.NOT_FOUND, "This server lets nothing out of its guests"));
        Answers.json(call.response(), ConnectionViews.json(session, all.of(session).orElseThrow(() -> nothingOf(session))));
    }

    private static RequestException nothingOf(SessionView session) {
        return session.status() == SessionView.Status.PROVISIONING
                ? new RequestException(Kind.RETRYABLE_CONFLICT, "Session " + session.sessionId() + " is being started. Ask again in a moment.")
                : new RequestException(Kind.NOT_FOUND, "The connections of session " + session.sessionId()
                        + " are not kept any more: those of sessions that have ended are for an hour, and until this server stops");
    }

    private static Optional<SessionConnections> inJndi() {
        try {
            return Optional.of((SessionConnections) new InitialContext().lookup(SessionConnections.JNDI_NAME));
        } catch (NamingException notThere) {
            return Optional.empty();
        }
    }
}
