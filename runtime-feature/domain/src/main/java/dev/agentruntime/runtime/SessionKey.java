package dev.agentruntime.runtime;

/** Session ids are unique within an agent runtime only. */
record SessionKey(String runtime, String sessionId) {

    @Override
    public String toString() {
        return sessionId + " of " + runtime;
    }
}
