package dev.agentruntime.supervisor;

import dev.agentruntime.channel.MuxStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The guest's side of a WebSocket (RFC 6455) that the host passes on, which has looked at each frame before. One thread reads; any may
 * write.
 */
final class ShellSocket {
    static final int NORMAL = 1000;
    static final int NO_TEXT = 1003;
    static final int TOO_BIG = 1009;
    static final int FAILED = 1011;
    /** Somebody else has taken the shell over. */
    static final int KICKED = 4000;
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final Pattern KEY = Pattern.compile("(?im)^Sec-WebSocket-Key:\\s*(\\S+)\\s*$");
    private static final Pattern SHELL = Pattern.compile("^GET /ws/shells\\?shellId=([a-zA-Z0-9][a-zA-Z0-9_-]{0,127}) HTTP/1\\.1\r\n");
    private static final int LONGEST_HEAD = 160 * 1024;
    private static final int MOST_MESSAGE = 64 * 1024;
    private static final int FIN = 0x80;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;

    /** What the other side sends. */
    record Message(boolean binary, byte[] bytes) {
    }

    private final MuxStream stream;
    private final DataInputStream in;
    private final OutputStream out;
    private final String shell;
    private final String key;
    private final ReentrantLock writing = new ReentrantLock();
    private boolean closed;

    private ShellSocket(MuxStream stream, String shell, String key) {
        this.stream = stream;
        this.shell = shell;
        this.key = key;
        in = new DataInputStream(stream.input());
        out = stream.output();
    }

    /** Reads the request. Nothing is answered before {@link #accept} or {@link #refuse}. */
    static ShellSocket asked(MuxStream stream) throws IOException {
        String head = head(stream.input());
        Matcher shell = SHELL.matcher(head);
        Matcher key = KEY.matcher(head);
        if (!shell.find() || !key.find()) {
            throw new IOException("the host did not ask for a shell");
        }
        return new ShellSocket(stream, shell.group(1), key.group(1));
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int ends = 0;
        while (ends < 4) {
            int next = in.read();
            if (next < 0 || head.size() == LONGEST_HEAD) {
                throw new IOException("the host's request for a shell has no end");
            }
            head.write(next);
            ends = next == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : next == '\r' ? 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    String shell() {
        return shell;
    }

    void accept() throws IOException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            text("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                    + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    void refuse(int status, String why) throws IOException {
        text("HTTP/1.1 " + status + " Refused\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n" + why);
        stream.shutdownOutput();
    }

    private void text(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Blocks until the other side has sent a message; answers what is not one. Empty when it has closed the WebSocket.
     *
     * @throws IOException it has gone
     */
    Optional<Message> read() throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        boolean binary = false;
        while (true) {
            int first = in.readUnsignedByte();
            byte[] payload = payload();
            switch (first & 0x0f) {
                case CLOSE -> {
                    frame(FIN | CLOSE, payload);
                    return Optional.empty();
                }
                case PING -> frame(FIN | PONG, payload);
                case PONG -> { }
                default -> {
                    binary = binary || (first & 0x0f) == BINARY;
                    message.write(payload);
                    if (message.size() > MOST_MESSAGE) {
                        close(TOO_BIG, "A message for a shell has at most " + MOST_MESSAGE + " bytes");
                        return Optional.empty();
                    }
                    if ((first & FIN) != 0) {
                        return Optional.of(new Message(binary, message.toByteArray()));
                    }
                }
            }
        }
    }

    private byte[] payload() throws IOException {
        int second = in.readUnsignedByte();
        int length = second & 0x7f;
        long bytes = length == SHORT_LENGTH ? in.readUnsignedShort() : length == LONG_LENGTH ? in.readLong() : length;
        if (bytes < 0 || bytes > MOST_MESSAGE) {
            throw new IOException("a frame of " + bytes + " bytes");
        }
        byte[] mask = in.readNBytes((second & 0x80) != 0 ? 4 : 0);
        byte[] payload = in.readNBytes((int) bytes);
        if (payload.length < bytes) {
            throw new EOFException("the frame broke off");
        }
        for (int i = 0; mask.length == 4 && i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return payload;
    }

    /** Something that is sent. */
    interface Words {
        void say() throws IOException;
    }

    /** Sends what {@code words} says, with nothing of others between; blocks while the other side does not read. */
    void inOneGo(Words words) throws IOException {
        writing.lock();
        try {
            words.say();
        } finally {
            writing.unlock();
        }
    }

    /**
     * Sends a binary message; blocks while the other side does not read.
     *
     * @throws IOException nothing can be sent any more
     */
    void send(int channel, byte[] bytes) throws IOException {
        byte[] message = new byte[1 + bytes.length];
        message[0] = (byte) channel;
        System.arraycopy(bytes, 0, message, 1, bytes.length);
        if (!frame(FIN | BINARY, message)) {
            throw new IOException("the WebSocket is closed");
        }
    }

    /** Sends back a sign of life, unless nothing can be sent any more. */
    void echo(int channel) throws IOException {
        frame(FIN | BINARY, new byte[] {(byte) channel});
    }

    /** Whether it could be sent: nothing is after a close frame. */
    private boolean frame(int first, byte[] payload) throws IOException {
        writing.lock();
        try {
            if (closed) {
                return false;
            }
            write(first, payload);
            return true;
        } finally {
            writing.unlock();
        }
    }

    private void write(int first, byte[] payload) throws IOException {
        closed = closed || (first & 0x0f) == CLOSE;
        ByteBuffer frame = ByteBuffer.allocate(4 + payload.length).put((byte) first);
        if (payload.length < SHORT_LENGTH) {
            frame.put((byte) payload.length);
        } else {
            frame.put((byte) SHORT_LENGTH).putShort((short) payload.length);
        }
        frame.put(payload);
        out.write(frame.array(), 0, frame.position());
    }

    /** Closes it with a code, or without one where the other side does not even read that. */
    void close(int code, String reason) {
        try {
            if (writing.tryLock(1, TimeUnit.SECONDS)) {
                try {
                    if (!closed) {
                        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
                        write(FIN | CLOSE, ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).array());
                    }
                    return;
                } finally {
                    writing.unlock();
                }
            }
        } catch (IOException gone) {
            // It is closed below.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        stream.close();
    }
}
