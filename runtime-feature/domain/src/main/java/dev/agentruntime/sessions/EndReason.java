package dev.agentruntime.sessions;

import dev.agentruntime.api.EndCode;
import dev.agentruntime.api.PlainText;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.Subject;

/**
 * Why a session ended.
 *
 * @param code     for meters and the ledger
 * @param sentence for people: one line, whatever a guest or a token put into it
 */
record EndReason(EndCode code, String sentence) {

    EndReason {
        sentence = PlainText.of(sentence);
    }

    static EndReason stoppedBy(Subject subject) {
        return new EndReason(EndCode.STOPPED, "Stopped by " + subject.name() + ".");
    }

    static EndReason vmDied(String how) {
        return new EndReason(EndCode.VM_DIED, "The VM ended by itself: " + how);
    }

    static EndReason unhealthy(int pings, String lastAnswer) {
        return new EndReason(EndCode.UNHEALTHY, pings + " pings in a row failed. The agent's last answer: " + lastAnswer);
    }

    static EndReason budget(String why) {
        return new EndReason(EndCode.BUDGET, why);
    }

    static EndReason startFailed(String why) {
        return new EndReason(EndCode.START_FAILED, "The session could not be started: " + why);
    }

    static EndReason serverStopped() {
        return new EndReason(EndCode.SERVER_STOPPED, "The server was stopped.");
    }

    static EndReason serverRestart() {
        return new EndReason(EndCode.SERVER_RESTART, "server restart: the server ended without ending this session.");
    }

    /** @param why a sentence */
    static EndReason cannotGoOn(String why) {
        return new EndReason(EndCode.SERVER_RESTART, "server restart: the session could not go on: " + why);
    }

    static EndReason diedMeanwhile() {
        return vmDied("it was gone when the server started again.");
    }

    /** What callers are told who still wait for the VM: after a stop or a failed start they may ask again at once. */
    Fault refusal() {
        return Fault.of(code == EndCode.STOPPED || code == EndCode.START_FAILED ? Kind.RETRYABLE_CONFLICT : kind(), sentence);
    }

    /** As what callers are refused whose request is broken off by it. */
    Kind kind() {
        return switch (code) {
            case BUDGET -> Kind.QUOTA;
            case SERVER_STOPPED -> Kind.UNAVAILABLE;
            default -> Kind.PLATFORM;
        };
    }
}
