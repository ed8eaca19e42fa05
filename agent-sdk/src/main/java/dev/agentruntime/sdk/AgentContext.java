package dev.agentruntime.sdk;

import java.util.Optional;

/** One invocation, seen from inside the agent. Immutable and thread-safe; may be kept after the request has ended. */
public interface AgentContext {

    /**
     * The session this request belongs to. On a server without the platform, where no header names a session, one id that
     * lives as long as the application.
     */
    String sessionId();

    /** The id of this request: the platform's, or a random one where no header gives it. */
    String requestId();

    /**
     * Who called. Worth as much as the server in front of the agent: the platform sets it from a verified token and drops
     * what the client sent, another server may not.
     */
    Optional<Caller> caller();

    /** The first value of a request header, in any case. */
    Optional<String> header(String name);

    /** Whether the platform only warms the agent up, as {@link AgentEntrypoint#warmUp()} allows: there is no session yet. */
    default boolean isWarmUp() {
        return header(WarmUp.ASKED).isPresent();
    }

    /** The application's background tasks. */
    AgentTasks tasks();

    /** What the agent may show other services for the user of its session. Asks nobody before one of its methods is called. */
    default AgentCredentials credentials() {
        return HostCredentials.of(this::header);
    }
}
