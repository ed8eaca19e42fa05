package dev.agentruntime.invocation;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The end of a WebSocket (RFC 6455, section 7.4).
 *
 * @param code   as it goes over the wire
 * @param reason for people
 */
record WebSocketClose(int code, String reason) {

    static final int NORMAL = 1000;
    static final int GOING_AWAY = 1001;
    static final int PROTOCOL_ERROR = 1002;
    static final int NO_TEXT = 1007;
    static final int TOO_BIG = 1009;
    static final int SERVER_ERROR = 1011;

    /** What a control frame holds at most, with the two bytes of the code. */
    private static final int MOST_REASON = 123;
    private static final int OPCODE = 0x88;
    private static final int MASKED = 0x80;

    /** A frame of a server's. */
    byte[] frame() {
        byte[] text = shortened();
        ByteBuffer frame = ByteBuffer.allocate(4 + text.length);
        frame.put((byte) OPCODE).put((byte) (2 + text.length)).putShort((short) code).put(text);
        return frame.array();
    }

    /** A frame of a client's; masked with zeros, since nobody is between us and the guest. */
    byte[] maskedFrame() {
        byte[] text = shortened();
        ByteBuffer frame = ByteBuffer.allocate(8 + text.length);
        frame.put((byte) OPCODE).put((byte) (MASKED | 2 + text.length)).putInt(0).putShort((short) code).put(text);
        return frame.array();
    }

    private byte[] shortened() {
        String text = reason;
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        while (bytes.length > MOST_REASON) {
            text = text.substring(0, text.offsetByCodePoints(text.length(), -1));
            bytes = text.getBytes(StandardCharsets.UTF_8);
        }
        return bytes;
    }

    /**
     * What the payload of a close frame says; without one, that all is well.
     *
     * @throws FrameException it says nothing that may be said
     */
    static WebSocketClose read(byte[] payload) throws FrameException {
        if (payload.length == 0) {
            return new WebSocketClose(NORMAL, "");
        }
        if (payload.length == 1) {
            throw new FrameException(PROTOCOL_ERROR, "A close frame has a code of two bytes, or nothing");
        }
        int code = (payload[0] & 0xff) << 8 | payload[1] & 0xff;
        boolean known = code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
        if (!known && (code < 3000 || code > 4999)) {
            throw new FrameException(PROTOCOL_ERROR, "A close frame may not have the code " + code);
        }
        try {
            return new WebSocketClose(code, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload, 2, payload.length - 2)).toString());
        } catch (CharacterCodingException noText) {
            throw new FrameException(NO_TEXT, "The reason in a close frame is no UTF-8");
        }
    }
}
