package dev.agentruntime.api;

/** A request's body is not the one that its caller has signed; the message tells the caller so. */
public final class BodyRefusedException extends RuntimeException {

    private final transient InboundVerdict.Refused refusal;

    /** @param refusal the answer to its caller */
    public BodyRefusedException(InboundVerdict.Refused refusal) {
        super(refusal.message());
        this.refusal = refusal;
    }

    /** The answer to its caller. */
    public InboundVerdict.Refused refusal() {
        return refusal;
    }
}
