package dev.agentruntime.channel;

import java.nio.ByteBuffer;

/**
 * Cuts incoming bytes into frames, in whatever pieces they arrive, and refuses every header that no correct peer sends.
 * Payload is passed on as it comes, never collected. Not thread-safe.
 */
final class FrameReader {

    /** Receives the frames. A violation may only be thrown for a header. */
    interface Sink {

        void data(int flags, int id, int length) throws ProtocolViolation;

        /** Takes exactly {@code count} bytes of the data frame that came last. */
        void payload(ByteBuffer source, int count);

        void endOfData(int flags);

        void windowUpdate(int flags, int id, int delta) throws ProtocolViolation;

        void ping(int flags, int opaque) throws ProtocolViolation;

        void goAway(int code) throws ProtocolViolation;
    }

    private final Sink sink;
    private final String peer;
    private final ByteBuffer header = ByteBuffer.allocate(Yamux.HEADER);
    private int dataFlags;
    private int payloadLeft;

    FrameReader(Sink sink, String peer) {
        this.sink = sink;
        this.peer = peer;
    }

    /** Consumes all of {@code in}, or up to and including the header that was refused. */
    void read(ByteBuffer in) throws ProtocolViolation {
        while (in.hasRemaining()) {
            if (payloadLeft > 0) {
                int count = Math.min(payloadLeft, in.remaining());
                sink.payload(in, count);
                payloadLeft -= count;
                if (payloadLeft == 0) {
                    sink.endOfData(dataFlags);
                }
            } else {
                readHeader(in);
            }
        }
    }

    /** The bytes of the header that was refused, or of one that is not complete. */
    ByteBuffer unread() {
        return header.duplicate().flip();
    }

    private void readHeader(ByteBuffer in) throws ProtocolViolation {
        int count = Math.min(header.remaining(), in.remaining());
        header.put(header.position(), in, in.position(), count).position(header.position() + count);
        in.position(in.position() + count);
        if (!header.hasRemaining()) {
            dispatch(header.getInt(0), header.getInt(4), header.getInt(8));
            header.clear();
        }
    }

    private void dispatch(int first, int id, int length) throws ProtocolViolation {
        int version = first >>> 24;
        int type = first >>> 16 & 0xff;
        int flags = first & 0xffff;
        require(version == Yamux.VERSION, "sent a frame of version ", version);
        require((flags & ~Yamux.ALL_FLAGS) == 0, "sent unknown flags ", flags);
        switch (type) {
            case Yamux.DATA -> {
                requireStream(id, flags);
                require(length >= 0 && length <= Yamux.MAX_PAYLOAD, "sent a frame of more than 32 KiB: ", length);
                require(length == 0 || (flags & Yamux.RST) == 0, "sent data with a reset: ", length);
                sink.data(flags, id, length);
                dataFlags = flags;
                payloadLeft = length;
                if (length == 0) {
                    sink.endOfData(flags);
                }
            }
            case Yamux.WINDOW_UPDATE -> {
                requireStream(id, flags);
                require(length >= 0 && length <= Yamux.MAX_WINDOW, "opened a window by too much: ", length);
                sink.windowUpdate(flags, id, length);
            }
            case Yamux.PING -> {
                require(id == 0 && (flags == Yamux.SYN || flags == Yamux.ACK), "sent a malformed ping with flags ", flags);
                sink.ping(flags, length);
            }
            case Yamux.GO_AWAY -> {
                require(id == 0 && flags == 0, "sent a malformed go-away with flags ", flags);
                sink.goAway(length);
            }
            default -> throw violation("sent a frame of unknown type " + type);
        }
    }

    private void requireStream(int id, int flags) throws ProtocolViolation {
        require(id != 0, "sent a stream's frame without a stream");
        require((flags & (Yamux.SYN | Yamux.ACK)) != (Yamux.SYN | Yamux.ACK), "opened and accepted a stream in one frame: ", id);
    }

    private void require(boolean kept, String breach, int number) throws ProtocolViolation {
        if (!kept) {
            throw violation(breach + Integer.toUnsignedString(number));
        }
    }

    private void require(boolean kept, String breach) throws ProtocolViolation {
        if (!kept) {
            throw violation(breach);
        }
    }

    private ProtocolViolation violation(String breach) {
        return new ProtocolViolation("the " + peer + " " + breach);
    }
}
