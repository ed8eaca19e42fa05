package dev.agentruntime.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.function.Supplier;

/**
 * The rules of one epoch: what a frame does to the streams, and which frame goes out next. Frames go out in turns, one
 * stream after the other. Not thread-safe.
 */
final class Core implements FrameReader.Sink {

    /** What happens beyond this side's own calls. */
    interface Events {

        void accepted(StreamState stream);

        void pong();

        void later(Runnable callback);
    }

    private static final int LEAST_ROOM = 256;

    private final Role role;
    private final Limits limits;
    private final Supplier<Condition> conditions;
    private final Events events;
    private final ChunkPool pool = new ChunkPool();
    private final StreamTable streams;
    private final ArrayDeque<StreamState> ready = new ArrayDeque<>();
    private final ControlFrames control;
    private Optional<StreamState> receiving = Optional.empty();
    private int pings;
    private int pongs;

    Core(Role role, Limits limits, Supplier<Condition> conditions, Events events) {
        this.role = role;
        this.limits = limits;
        this.conditions = conditions;
        this.events = events;
        this.streams = new StreamTable(role, limits);
        this.control = new ControlFrames(role.peer);
    }

    StreamState open() throws IOException {
        return add(streams.reserve(), Yamux.SYN);
    }

    /** Lets the guest open streams; until then each is refused by a reset. */
    void acceptStreams() {
        streams.openDoor();
    }

    /** Sends a ping unless one is under way. */
    void ping() {
        if (pings == pongs) {
            control.add(Yamux.PING, Yamux.SYN, 0, ++pings);
        }
    }

    boolean awaitsPong() {
        return pings != pongs;
    }

    void leave(int code) {
        control.add(Yamux.GO_AWAY, 0, 0, code);
    }

    /** Ends all streams. Only a go-away can still be sent. */
    void end(String reason) {
        for (StreamState stream : streams.removeAll()) {
            fail(stream, reason);
        }
        ready.clear();
        control.clear();
        pool.idle();
    }

    boolean hasOutput() {
        return !control.isEmpty() || !ready.isEmpty();
    }

    void transmit(ByteBuffer out) {
        control.moveTo(out);
        while (!ready.isEmpty() && out.remaining() >= LEAST_ROOM) {
            StreamState stream = ready.poll();
            stream.scheduled = false;
            transmit(stream, out);
        }
    }

    private void transmit(StreamState stream, ByteBuffer out) {
        int queued = stream.sending.size();
        if (stream.owesWindow() || queued == 0 && stream.greeting != 0 && stream.output != StreamState.Output.ENDING) {
            Yamux.header(out, Yamux.WINDOW_UPDATE, stream.takeGreeting(), stream.id, stream.takeWindow());
        }
        if (queued > 0) {
            int count = Math.min(Math.min(queued, Yamux.SENT_PAYLOAD), out.remaining() - Yamux.HEADER);
            boolean last = count == queued && stream.output == StreamState.Output.ENDING;
            Yamux.header(out, Yamux.DATA, stream.takeGreeting() | (last ? Yamux.FIN : 0), stream.id, count);
            stream.sending.moveTo(out, count);
            if (last) {
                sentEnd(stream);
            }
            schedule(stream);
            if (stream.isRoomy()) {
                wakeWriter(stream);
            }
        } else if (stream.output == StreamState.Output.ENDING) {
            Yamux.header(out, Yamux.WINDOW_UPDATE, stream.takeGreeting() | Yamux.FIN, stream.id, 0);
            sentEnd(stream);
        }
    }

    private void sentEnd(StreamState stream) {
        stream.output = StreamState.Output.ENDED;
        if (stream.input == StreamState.Input.REFUSED) {
            reset(stream);
        } else {
            settle(stream);
        }
    }

    /** Gives a stream its turn if it has something to send. */
    void schedule(StreamState stream) {
        boolean due = stream.sending.size() > 0 || stream.greeting != 0 || stream.owesWindow()
                || stream.output == StreamState.Output.ENDING;
        if (due && !stream.scheduled) {
            stream.scheduled = true;
            ready.add(stream);
        }
    }

    /** Its reader has taken {@code count} bytes; one that keeps pace is worth a larger window. */
    void consumed(StreamState stream, int count) {
        stream.unreported += count;
        if (stream.owesWindow()) {
            streams.lend(stream);
        }
        schedule(stream);
        settle(stream);
    }

    /** Forgets a stream with which both sides are done. */
    void settle(StreamState stream) {
        if (stream.isOver()) {
            remove(stream, 0);
        }
    }

    /** Gives a stream up; what was written before its output was shut down is still sent. */
    void close(StreamState stream) {
        streams.release(stream);
        if (stream.isOver() || stream.input == StreamState.Input.REFUSED) {
            return;
        }
        switch (stream.output) {
            case ENDING -> {
                stream.input = stream.input == StreamState.Input.OPEN ? StreamState.Input.REFUSED : StreamState.Input.DROPPED;
                stream.received.clear();
            }
            case ENDED -> {
                if (stream.input == StreamState.Input.ENDED) {
                    remove(stream, 0);
                    drop(stream);
                } else {
                    reset(stream);
                }
            }
            case OPEN, DROPPED -> reset(stream);
        }
        if (stream.failure.isEmpty()) {
            stream.failure = "the stream was closed on this side";
        }
        wakeReader(stream);
        wakeWriter(stream);
    }

    private void reset(StreamState stream) {
        boolean unknownToPeer = stream.greeting == Yamux.SYN;
        boolean resetByPeer = stream.output == StreamState.Output.DROPPED;
        remove(stream, stream.mayReceive() && !unknownToPeer ? stream.receiveCredit : 0);
        drop(stream);
        if (!unknownToPeer && !resetByPeer) {
            control.add(Yamux.WINDOW_UPDATE, Yamux.RST, stream.id, 0);
        }
    }

    private static void drop(StreamState stream) {
        stream.input = StreamState.Input.DROPPED;
        stream.output = StreamState.Output.DROPPED;
        stream.greeting = 0;
        stream.received.clear();
        stream.sending.clear();
    }

    /** The stream will carry nothing more; what the peer had sent and ended can still be read. */
    private void fail(StreamState stream, String reason) {
        if (stream.input != StreamState.Input.ENDED) {
            drop(stream);
        }
        stream.output = StreamState.Output.DROPPED;
        stream.sending.clear();
        stream.greeting = 0;
        if (stream.failure.isEmpty()) {
            stream.failure = reason;
        }
        wakeReader(stream);
        wakeWriter(stream);
    }

    private void remove(StreamState stream, int stillToCome) {
        streams.remove(stream, stillToCome);
        if (streams.isEmpty()) {
            pool.idle();
        }
    }

    private StreamState add(int id, int greeting) {
        StreamState stream = new StreamState(id, greeting, limits.window(), pool, conditions.get(), conditions.get());
        streams.add(stream);
        schedule(stream);
        return stream;
    }

    void wakeReader(StreamState stream) {
        stream.readable.signalAll();
        if (stream.onReadable != StreamState.NOTHING) {
            events.later(stream.onReadable);
            stream.onReadable = StreamState.NOTHING;
        }
    }

    void wakeWriter(StreamState stream) {
        stream.writable.signalAll();
        if (stream.onWritable != StreamState.NOTHING) {
            events.later(stream.onWritable);
            stream.onWritable = StreamState.NOTHING;
        }
    }

    @Override
    public void data(int flags, int id, int length) throws ProtocolViolation {
        receiving = locate(flags, id);
        if (receiving.isEmpty()) {
            streams.late(id, length);
            return;
        }
        StreamState stream = receiving.get();
        if (!stream.mayReceive() && (length > 0 || (flags & Yamux.FIN) != 0)) {
            throw streams.violation("sent data after it had ended the stream", id);
        }
        if (length > stream.receiveCredit) {
            throw streams.violation("sent more than the window allows: " + length + " bytes into " + stream.receiveCredit, id);
        }
        stream.receiveCredit -= length;
    }

    @Override
    public void payload(ByteBuffer source, int count) {
        if (receiving.isPresent() && receiving.get().input == StreamState.Input.OPEN) {
            receiving.get().received.add(source, count);
        } else {
            source.position(source.position() + count);
        }
    }

    @Override
    public void endOfData(int flags) {
        receiving.ifPresent(stream -> {
            // Not for every piece: the virtio port yields 4 KiB at a time, and the rest of the frame is on its way.
            wakeReader(stream);
            finish(stream, flags);
        });
        receiving = Optional.empty();
    }

    @Override
    public void windowUpdate(int flags, int id, int delta) throws ProtocolViolation {
        Optional<StreamState> found = locate(flags, id);
        if (found.isEmpty()) {
            return;
        }
        StreamState stream = found.get();
        if ((flags & Yamux.FIN) != 0 && !stream.mayReceive()) {
            throw streams.violation("ended a stream twice", id);
        }
        if (delta > Yamux.MAX_WINDOW - stream.sendCredit) {
            throw streams.violation("opened a window beyond 16 MiB", id);
        }
        stream.sendCredit += delta;
        if (stream.isRoomy()) {
            wakeWriter(stream);
        }
        finish(stream, flags);
    }

    /** The stream of a frame; empty when it is over or not let in. */
    private Optional<StreamState> locate(int flags, int id) throws ProtocolViolation {
        if ((flags & Yamux.SYN) != 0) {
            // Each stream that is let in leads to a reset when it is given up.
            control.requireRead();
            if (!streams.admit(id)) {
                control.answer(Yamux.WINDOW_UPDATE, Yamux.RST, id, 0);
                return Optional.empty();
            }
            StreamState stream = add(id, Yamux.ACK);
            stream.acknowledged = true;
            streams.hold(stream);
            events.accepted(stream);
            return Optional.of(stream);
        }
        Optional<StreamState> stream = streams.find(id);
        if ((flags & Yamux.ACK) != 0 && stream.isPresent()) {
            if (stream.get().acknowledged) {
                throw streams.violation("accepted a stream twice", id);
            }
            stream.get().acknowledged = true;
        }
        return stream;
    }

    private void finish(StreamState stream, int flags) {
        if ((flags & Yamux.RST) != 0) {
            fail(stream, "the " + role.peer + " reset the stream");
            settle(stream);
        } else if ((flags & Yamux.FIN) != 0 && stream.mayReceive()) {
            stream.input = stream.input == StreamState.Input.OPEN ? StreamState.Input.ENDED : StreamState.Input.DROPPED;
            wakeReader(stream);
            settle(stream);
        }
    }

    @Override
    public void ping(int flags, int opaque) throws ProtocolViolation {
        if (flags == Yamux.SYN) {
            control.answer(Yamux.PING, Yamux.ACK, 0, opaque);
        } else if (pings == pongs || opaque != pings) {
            throw new ProtocolViolation("the " + role.peer + " answered a ping that was not sent");
        } else {
            pongs = pings;
            events.pong();
        }
    }

    @Override
    public void goAway(int code) throws ProtocolViolation {
        throw new ProtocolViolation("the " + role.peer + " gave the link up: " + switch (code) {
            case Yamux.NORMAL_END -> "it takes no further stream";
            case Yamux.PROTOCOL_ERROR -> "protocol error";
            case Yamux.INTERNAL_ERROR -> "it has lost the connection on its side, or failed";
            default -> "unknown reason " + Integer.toUnsignedString(code);
        });
    }
}
