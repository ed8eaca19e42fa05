package dev.agentruntime.health;

import dev.agentruntime.api.SessionProbe;

/** Tells sessions apart: two agent runtimes may have sessions of one id. */
record SessionName(String runtime, String id) {

    static SessionName of(SessionProbe target) {
        return new SessionName(target.runtime(), target.sessionId());
    }
}
