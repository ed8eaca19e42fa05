package dev.agentruntime.api;

/**
 * Told when a session has nothing to do, so that its agent can be asked at once whether it has work of its own: only a
 * session whose agent says that it has none is paused.
 */
@FunctionalInterface
public interface RestWatcher {

    /** A session's last request has ended. Called on a platform thread; must not block and must not throw. */
    void workEnded(SessionProbe session);
}
