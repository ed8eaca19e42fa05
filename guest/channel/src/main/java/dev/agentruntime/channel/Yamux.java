package dev.agentruntime.channel;

/** The numbers of the wire format. */
final class Yamux {

    static final int INITIAL_WINDOW = 256 * 1024;
    static final int SEND_BUFFER = 64 * 1024;

    private Yamux() {
    }
}
