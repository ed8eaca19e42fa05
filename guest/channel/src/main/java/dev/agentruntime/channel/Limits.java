package dev.agentruntime.channel;

/**
 * What one link may cost. A stream holds at most {@value Yamux#INITIAL_WINDOW} bytes that were not read yet and
 * {@value Yamux#SEND_BUFFER} bytes that were not sent yet.
 *
 * @param openedStreams how many streams this side may have open at once
 * @param acceptedStreams how many streams the peer may have open at once; on a host only once a handler is set
 */
public record Limits(int openedStreams, int acceptedStreams) {

    /** 64 streams opened by the host: at most 24 MiB for one VM. With the 16 that a guest may open once it is let: 30 MiB. */
    public static final Limits HOST = new Limits(64, 16);

    /** More than the host opens, for it may forget a stream before the guest has read it to its end. */
    public static final Limits GUEST = new Limits(16, 256);

    public Limits {
        if (openedStreams < 0 || acceptedStreams < 0) {
            throw new IllegalArgumentException("a number of streams cannot be negative: " + openedStreams + ", " + acceptedStreams);
        }
    }
}
