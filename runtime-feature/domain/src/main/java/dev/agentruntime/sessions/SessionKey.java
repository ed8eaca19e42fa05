package dev.agentruntime.sessions;

/** Session ids are unique within an agent runtime only. */
public record SessionKey(String runtime, String sessionId) {

    @Override
    public String toString() {
        return sessionId + " of " + runtime;
    }
}
