package dev.agentruntime.invocation;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Looks at the frames that one side of a WebSocket sends (RFC 6455, section 5) while they pass, and lets none pass that it may not
 * send. Their payload is not kept, but for a control frame's, which passes as a whole. Not thread-safe.
 */
final class FrameMeter {

    /** For the payload of one frame, as AgentCore has it. */
    static final int MOST_FRAME = 64 * 1024;
    /** For the frames of one message together. */
    static final int MOST_MESSAGE = 16 * 1024 * 1024;

    private static final int MOST_CONTROL = 125;
    /** The head of a frame, or all of a control frame. */
    static final int MOST_KEPT = 14 + MOST_CONTROL;
    private static final int MASK_BYTES = 4;
    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PONG = 10;

    private final boolean masked;
    private final byte[] kept = new byte[MOST_KEPT];
    private int keptBytes;
    /** Of the payload of the frame that passes. */
    private long rest;
    private boolean inMessage;
    private long messageBytes;
    private Optional<WebSocketClose> close = Optional.empty();

    private FrameMeter(boolean masked) {
        this.masked = masked;
    }

    /** For what a client sends. */
    static FrameMeter ofClient() {
        return new FrameMeter(true);
    }

    /** For what a server sends. */
    static FrameMeter ofServer() {
        return new FrameMeter(false);
    }

    /** The close frame that has passed, after which nothing does. */
    Optional<WebSocketClose> close() {
        return close;
    }

    /** Whether the last frame of which anything has passed has passed to its end, so that another can be put behind it. */
    boolean isBetweenFrames() {
        return rest == 0;
    }

    /**
     * Moves from {@code from} to {@code to} what may pass. What has arrived of a head is taken, and passes with its rest.
     *
     * @param to    has room for {@link #MOST_KEPT} bytes, or nothing may pass
     * @param begin whether frames may pass that have not begun to
     * @throws FrameException the sender may not send this; what passed before is whole frames
     */
    void pass(ByteBuffer from, ByteBuffer to, boolean begin) throws FrameException {
        while (from.hasRemaining()) {
            if (rest > 0) {
                int bytes = (int) Math.min(rest, Math.min(from.remaining(), to.remaining()));
                if (bytes == 0) {
                    return;
                }
                to.put(from.slice(from.position(), bytes));
                from.position(from.position() + bytes);
                rest -= bytes;
            } else if (close.isPresent()) {
                from.position(from.limit());
            } else if (!begin || to.remaining() < MOST_KEPT) {
                return;
            } else {
                kept[keptBytes++] = from.get();
                if (keptBytes >= 2 && keptBytes == needed()) {
                    frame(to);
                }
            }
        }
    }

    /** How much must be there of this frame before it passes. */
    private int needed() throws FrameException {
        int opcode = kept[0] & 0x0f;
        int length = kept[1] & 0x7f;
        if (keptBytes == 2) {
            check(opcode, (kept[0] & 0x80) != 0, length);
        }
        int head = 2 + (length == 127 ? 8 : length == 126 ? 2 : 0) + (masked ? MASK_BYTES : 0);
        return opcode >= CLOSE ? head + length : head;
    }

    private void check(int opcode, boolean last, int length) throws FrameException {
        require((kept[0] & 0x70) == 0, "A frame has a reserved bit; no extension was agreed on");
        require(opcode <= BINARY || opcode >= CLOSE && opcode <= PONG, "A frame has the unknown opcode " + opcode);
        require(masked == ((kept[1] & 0x80) != 0), masked ? "A client masks its frames" : "A server does not mask its frames");
        if (opcode >= CLOSE) {
            require(last && length <= MOST_CONTROL, "A control frame is one frame of at most " + MOST_CONTROL + " bytes");
        } else {
            require(inMessage == (opcode == CONTINUATION), inMessage ? "A message begins within another" : "A message goes on that has not begun");
        }
    }

    private static void require(boolean kept, String otherwise) throws FrameException {
        if (!kept) {
            throw new FrameException(WebSocketClose.PROTOCOL_ERROR, otherwise);
        }
    }

    private void frame(ByteBuffer to) throws FrameException {
        int opcode = kept[0] & 0x0f;
        if (opcode >= CLOSE) {
            if (opcode == CLOSE) {
                close = Optional.of(WebSocketClose.read(payload()));
            }
        } else {
            long length = length();
            messageBytes += length;
            // A length may have all its 64 bits, and be negative here.
            if (length < 0 || length > MOST_FRAME) {
                throw new FrameException(WebSocketClose.TOO_BIG, "A frame has at most " + MOST_FRAME + " bytes; send a long message in several");
            }
            if (messageBytes > MOST_MESSAGE) {
                throw new FrameException(WebSocketClose.TOO_BIG, "A message has at most " + MOST_MESSAGE + " bytes");
            }
            inMessage = (kept[0] & 0x80) == 0;
            messageBytes = inMessage ? messageBytes : 0;
            rest = length;
        }
        to.put(kept, 0, keptBytes);
        keptBytes = 0;
    }

    private long length() {
        int length = kept[1] & 0x7f;
        ByteBuffer more = ByteBuffer.wrap(kept, 2, 8);
        return length == 127 ? more.getLong() : length == 126 ? more.getShort() & 0xffff : length;
    }

    /** Of a control frame. */
    private byte[] payload() {
        int begin = 2 + (masked ? MASK_BYTES : 0);
        byte[] payload = Arrays.copyOfRange(kept, begin, keptBytes);
        for (int i = 0; masked && i < payload.length; i++) {
            payload[i] ^= kept[2 + i % MASK_BYTES];
        }
        return payload;
    }
}
