package dev.agentruntime.egress;

import dev.agentruntime.api.OutboundConnection.Outcome;
import dev.agentruntime.net.Texts;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * Why something does not leave the guest, or does not come back.
 *
 * @param outcome  for records and meters
 * @param status   where the guest speaks HTTP
 * @param sentence what, why, and what to do; for the guest
 * @param logged   the same for whoever runs the server: with addresses that are none of the guest's business
 */
record Refusal(Outcome outcome, HttpResponseStatus status, String sentence, String logged) {

    Refusal(Outcome outcome, HttpResponseStatus status, String sentence) {
        this(outcome, status, sentence, sentence);
    }

    /** The same where the log says more. */
    Refusal logged(String more) {
        return new Refusal(outcome, status, sentence, more);
    }

    static Refusal denied(String sentence) {
        return new Refusal(Outcome.DENIED, HttpResponseStatus.FORBIDDEN, sentence);
    }

    static Refusal limited(String sentence) {
        return new Refusal(Outcome.LIMITED, HttpResponseStatus.TOO_MANY_REQUESTS, sentence);
    }

    static Refusal malformed(String sentence) {
        return new Refusal(Outcome.MALFORMED, HttpResponseStatus.BAD_REQUEST, sentence);
    }

    static Refusal unreachable(String sentence) {
        return new Refusal(Outcome.UNREACHABLE, HttpResponseStatus.BAD_GATEWAY, sentence);
    }

    static Refusal late(String sentence) {
        return new Refusal(Outcome.TIMED_OUT, HttpResponseStatus.GATEWAY_TIMEOUT, sentence);
    }

    static Refusal broken(String sentence) {
        return new Refusal(Outcome.BROKEN, HttpResponseStatus.BAD_GATEWAY, sentence);
    }

    /** It is nobody's fault but ours. */
    static Refusal ofPlatform(Throwable failure) {
        Throwable fault = failure instanceof DecoderException && failure.getCause() != null ? failure.getCause() : failure;
        return unreachable("The platform failed. The server's log has the details.").logged("The platform failed: " + fault.getClass().getName() + ".");
    }

    RefusedException exception() {
        return new RefusedException(this);
    }

    /** Carries a refusal through futures; it has no stack trace, for guests cause as many as they like. */
    static final class RefusedException extends RuntimeException {

        private final transient Refusal refusal;

        RefusedException(Refusal refusal) {
            super(refusal.sentence(), null, false, false);
            this.refusal = refusal;
        }

        Refusal refusal() {
            return refusal;
        }
    }

    /** Of whatever failed. */
    static Refusal of(Throwable failure, String what) {
        return failure instanceof RefusedException refused ? refused.refusal()
                : unreachable(what + " failed: " + Texts.shown(String.valueOf(failure.getMessage())) + ".");
    }
}
