package dev.agentruntime.health;

import dev.agentruntime.runtime.PingTarget;

/** Tells sessions apart: two agent runtimes may have sessions of one id. */
record SessionName(String runtime, String id) {

    static SessionName of(PingTarget target) {
        return new SessionName(target.runtime(), target.sessionId());
    }
}
