package dev.agentruntime.runtime;

import dev.agentruntime.api.Subject;

/**
 * Why a session ended.
 *
 * @param code     for meters and the ledger
 * @param sentence for people
 */
record Ending(Code code, String sentence) {

    enum Code {
        IDLE_TIMEOUT, MAX_LIFETIME, UNHEALTHY, STOPPED, VM_DIED, START_FAILED, SERVER_STOPPED, SERVER_RESTART
    }

    static Ending stoppedBy(Subject subject) {
        return new Ending(Code.STOPPED, "Stopped by " + subject.name() + ".");
    }

    static Ending vmDied(String how) {
        return new Ending(Code.VM_DIED, "The VM ended by itself: " + how);
    }

    static Ending startFailed(String why) {
        return new Ending(Code.START_FAILED, "The session could not be started: " + why);
    }

    static Ending serverStopped() {
        return new Ending(Code.SERVER_STOPPED, "The server was stopped.");
    }

    static Ending serverRestart() {
        return new Ending(Code.SERVER_RESTART, "server restart: the server ended without ending this session.");
    }
}
