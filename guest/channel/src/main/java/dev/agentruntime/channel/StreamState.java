package dev.agentruntime.channel;

import java.util.concurrent.locks.Condition;

/** What an engine knows about one stream. Guarded by the engine's lock. */
final class StreamState {

    /**
     * The peer's side: it may still send; nobody reads it, which the peer learns after this side's end; it has ended and
     * what it sent can be read; it is over.
     */
    enum Input { OPEN, REFUSED, ENDED, DROPPED }

    /** This side: it may still write, it ends after what is queued, the end was sent, or it was given up. */
    enum Output { OPEN, ENDING, ENDED, DROPPED }

    static final Runnable NOTHING = () -> { };

    final int id;
    final ByteQueue received;
    final ByteQueue sending;
    final Condition readable;
    final Condition writable;
    Runnable onReadable = NOTHING;
    Runnable onWritable = NOTHING;
    Input input = Input.OPEN;
    Output output = Output.OPEN;
    String failure = "";

    /** How much the peer may still send, and how much was read of which it was not told yet. */
    int receiveCredit;
    int unreported;

    /** How much of {@link #receiveCredit} goes back to the link when the stream is over. */
    int lent;

    /** How much may still be queued for sending; what is queued has its credit already. */
    int sendCredit;

    /** SYN or ACK until the first frame has carried it. */
    int greeting;
    boolean acknowledged;
    boolean scheduled;

    /** Opened by the guest and not given up by the host. */
    boolean held;

    private final int window;

    StreamState(int id, int greeting, int window, ChunkPool pool, Condition readable, Condition writable) {
        this.id = id;
        this.greeting = greeting;
        this.window = window;
        this.receiveCredit = window;
        this.sendCredit = window;
        this.received = new ByteQueue(pool);
        this.sending = new ByteQueue(pool);
        this.readable = readable;
        this.writable = writable;
    }

    /** How many bytes it takes from its writer before they are on their way. */
    int sendBuffer() {
        return Math.min(Yamux.SEND_BUFFER, window);
    }

    boolean isReadable() {
        return received.size() > 0 || input != Input.OPEN;
    }

    boolean isWritable() {
        return output != Output.OPEN || sendCredit > 0 && sending.size() < sendBuffer();
    }

    /** Worth waking a writer for: not for every few bytes that have left. */
    boolean isRoomy() {
        return output != Output.OPEN || sendCredit > 0 && sending.size() <= sendBuffer() / 2;
    }

    boolean mayReceive() {
        return input == Input.OPEN || input == Input.REFUSED;
    }

    boolean owesWindow() {
        return input == Input.OPEN && unreported >= window / 2;
    }

    boolean isOver() {
        boolean inputDone = input == Input.DROPPED || input == Input.ENDED && received.size() == 0;
        return inputDone && (output == Output.ENDED || output == Output.DROPPED);
    }

    int takeGreeting() {
        int flag = greeting;
        greeting = 0;
        return flag;
    }

    int takeWindow() {
        int delta = unreported;
        unreported = 0;
        receiveCredit += delta;
        return delta;
    }
}
