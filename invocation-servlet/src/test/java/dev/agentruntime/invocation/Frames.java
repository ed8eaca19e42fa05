package dev.agentruntime.invocation;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes and reads frames of WebSockets, right ones and others. */
final class Frames {

    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    static final int FIN = 0x80;

    /** What was received. */
    record Frame(int first, byte[] payload) {
        int opcode() {
            return first & 0x0f;
        }

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        int code() {
            return (payload[0] & 0xff) << 8 | payload[1] & 0xff;
        }

        String reason() {
            return new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        }
    }

    private Frames() {}

    static byte[] masked(int first, byte[] payload) {
        return frame(first, payload, true);
    }

    static byte[] plain(int first, byte[] payload) {
        return frame(first, payload, false);
    }

    static byte[] text(String text) {
        return masked(FIN | TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] close(int code, boolean masked) {
        return frame(FIN | CLOSE, new byte[] {(byte) (code >> 8), (byte) code}, masked);
    }

    private static byte[] frame(int first, byte[] payload, boolean masked) {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
        int mask = masked ? 0x80 : 0;
        frame.put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) (mask | payload.length));
        } else if (payload.length <= 0xffff) {
            frame.put((byte) (mask | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (mask | 127)).putLong(payload.length);
        }
        if (masked) {
            byte[] key = {1, 2, 3, 4};
            frame.put(key);
            for (int i = 0; i < payload.length; i++) {
                frame.put((byte) (payload[i] ^ key[i % 4]));
            }
        } else {
            frame.put(payload);
        }
        byte[] bytes = new byte[frame.position()];
        frame.flip().get(bytes);
        return bytes;
    }

    /** @throws EOFException the connection was closed */
    static Frame read(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        int first = data.readUnsignedByte();
        int second = data.readUnsignedByte();
        long length = second & 0x7f;
        length = length == 126 ? data.readUnsignedShort() : length == 127 ? data.readLong() : length;
        byte[] key = new byte[4];
        if ((second & 0x80) != 0) {
            data.readFully(key);
        }
        byte[] payload = new byte[(int) length];
        data.readFully(payload);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= key[i % 4];
        }
        return new Frame(first, payload);
    }
}
