package dev.agentruntime.channel;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** Frames without payload that wait to be sent: resets, pings, go-away. Not thread-safe. */
final class ControlFrames {

    /** A peer that makes this many answers wait sends without reading. */
    private static final int MOST = 1024;

    private record Frame(int type, int flags, int id, int length) {
    }

    private final ArrayDeque<Frame> frames = new ArrayDeque<>();
    private final String peer;

    ControlFrames(String peer) {
        this.peer = peer;
    }

    /** Adds a frame that this side wants to send. The peer cannot make it want to without end: see {@link #requireRead()}. */
    void add(int type, int flags, int id, int length) {
        frames.add(new Frame(type, flags, id, length));
    }

    /** Adds a frame that answers the peer. */
    void answer(int type, int flags, int id, int length) throws ProtocolViolation {
        requireRead();
        add(type, flags, id, length);
    }

    /** Checks that the peer reads, before it is let do something that leads to an answer, now or later. */
    void requireRead() throws ProtocolViolation {
        if (frames.size() >= MOST) {
            throw new ProtocolViolation("the " + peer + " does not read the answers to what it sends: " + MOST + " are waiting");
        }
    }

    boolean isEmpty() {
        return frames.isEmpty();
    }

    void clear() {
        frames.clear();
    }

    void moveTo(ByteBuffer out) {
        while (!frames.isEmpty() && out.remaining() >= Yamux.HEADER) {
            Frame frame = frames.poll();
            Yamux.header(out, frame.type, frame.flags, frame.id, frame.length);
        }
    }
}
