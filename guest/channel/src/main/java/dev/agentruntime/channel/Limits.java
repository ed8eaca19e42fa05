package dev.agentruntime.channel;

/**
 * What one link may cost. Both ends of a link must have the same {@code window}.
 *
 * @param openedStreams how many streams this side may have open at once
 * @param acceptedStreams how many streams the peer may have open at once; on a host only once a handler is set
 * @param window bytes that a stream holds at most of what was not read yet, before it is lent more; and at most, up to
 *        {@value Yamux#SEND_BUFFER}, of what was not sent yet
 * @param spareWindow bytes that are lent to streams whose readers keep pace, so that each has {@value Yamux#INITIAL_WINDOW}
 */
public record Limits(int openedStreams, int acceptedStreams, int window, int spareWindow) {

    private static final int SMALL_WINDOW = 64 * 1024;
    private static final int MEBIBYTE = 1024 * 1024;

    /** 96 streams opened by the host: at most 36 MiB for one VM. With the 16 that a guest may open once it is let: 42 MiB. */
    public static final Limits HOST = new Limits(96, 16);

    /** More than the host opens, for it may forget a stream before the guest has read it to its end. */
    public static final Limits GUEST = new Limits(16, 256);

    /** The host's end of the way out: at most 28 MiB for one VM. More streams than the guest opens, for the same reason. */
    public static final Limits OUT_OF_HOST = new Limits(0, 160, SMALL_WINDOW, 8 * MEBIBYTE);

    /** The guest's end of the way out: at most 20 MiB, which its supervisor has. */
    public static final Limits OUT_OF_GUEST = new Limits(128, 0, SMALL_WINDOW, 4 * MEBIBYTE);

    public Limits {
        if (openedStreams < 0 || acceptedStreams < 0) {
            throw new IllegalArgumentException("a number of streams cannot be negative: " + openedStreams + ", " + acceptedStreams);
        }
        if (window < 1 || window > Yamux.INITIAL_WINDOW || spareWindow < 0) {
            throw new IllegalArgumentException("a window is 1 to " + Yamux.INITIAL_WINDOW + " bytes, and what is spare not negative: " + window
                    + ", " + spareWindow);
        }
    }

    /** With the windows of the specification. */
    public Limits(int openedStreams, int acceptedStreams) {
        this(openedStreams, acceptedStreams, Yamux.INITIAL_WINDOW, 0);
    }

    /** How much is lent to one stream. */
    int loan() {
        return Yamux.INITIAL_WINDOW - window;
    }
}
