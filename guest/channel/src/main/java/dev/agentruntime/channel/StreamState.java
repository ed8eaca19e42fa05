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
    int receiveCredit = Yamux.INITIAL_WINDOW;
    int unreported;

    /** How much may still be queued for sending; what is queued has its credit already. */
    int sendCredit = Yamux.INITIAL_WINDOW;

    /** SYN or ACK until the first frame has carried it. */
    int greeting;
    boolean acknowledged;
    boolean scheduled;

    /** Opened by the guest and not given up by the host. */
    boolean held;

    StreamState(int id, int greeting, ChunkPool pool, Condition readable, Condition writable) {
        this.id = id;
        this.greeting = greeting;
        this.received = new ByteQueue(pool);
        this.sending = new ByteQueue(pool);
        this.readable = readable;
        this.writable = writable;
    }

    boolean isReadable() {
        return received.size() > 0 || input != Input.OPEN;
    }

    boolean isWritable() {
        return output != Output.OPEN || sendCredit > 0 && sending.size() < Yamux.SEND_BUFFER;
    }

    /** Worth waking a writer for: not for every few bytes that have left. */
    boolean isRoomy() {
        return output != Output.OPEN || sendCredit > 0 && sending.size() <= Yamux.SEND_BUFFER / 2;
    }

    boolean mayReceive() {
        return input == Input.OPEN || input == Input.REFUSED;
    }

    boolean owesWindow() {
        return input == Input.OPEN && unreported >= Yamux.INITIAL_WINDOW / 2;
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
