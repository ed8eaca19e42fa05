package dev.agentruntime.supervisor;

import dev.agentruntime.channel.MuxStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Whoever sits before a shell, as the host passes it on. */
final class ShellClient implements AutoCloseable {

    /** A message of the guest's, or its close frame: channel -1 then, the code in the text. */
    record Heard(int channel, String text) {
    }

    final MuxStream stream;
    final String head;
    private final DataInputStream in;
    private final StringBuilder screen = new StringBuilder();

    ShellClient(MuxStream stream, String shell) throws IOException {
        this.stream = stream;
        stream.output().write(("GET /ws/shells?shellId=" + shell + " HTTP/1.1\r\nHost: localhost:8080\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        in = new DataInputStream(stream.input(Duration.ofSeconds(30)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (!bytes.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException(bytes.toString(StandardCharsets.US_ASCII));
            }
            bytes.write(next);
        }
        head = bytes.toString(StandardCharsets.US_ASCII);
    }

    void frame(int first, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(8 + payload.length).put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        }
        byte[] mask = {9, 8, 7, 6};
        frame.put(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ mask[i % 4]));
        }
        stream.output().write(frame.array(), 0, frame.position());
    }

    void send(int channel, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] message = new byte[1 + bytes.length];
        message[0] = (byte) channel;
        System.arraycopy(bytes, 0, message, 1, bytes.length);
        frame(0x82, message);
    }

    void type(String text) throws IOException {
        send(0, text);
    }

    Heard hear() throws IOException {
        int first = in.readUnsignedByte();
        int length = in.readUnsignedByte();
        byte[] payload = in.readNBytes(length == 126 ? in.readUnsignedShort() : length);
        if ((first & 0x0f) == 8) {
            return new Heard(-1, String.valueOf((payload[0] & 0xff) << 8 | payload[1] & 0xff));
        }
        return new Heard(payload[0] & 0xff, new String(payload, 1, payload.length - 1, StandardCharsets.UTF_8));
    }

    /** The next message on a channel; what comes on others before it is kept where it is output. */
    String hear(int channel) throws IOException {
        while (true) {
            Heard heard = hear();
            if (heard.channel() == channel) {
                return heard.text();
            }
            if (heard.channel() == 1) {
                screen.append(heard.text());
            } else if (heard.channel() < 0) {
                throw new EOFException("closed with " + heard.text() + " after: " + screen);
            }
        }
    }

    /** Waits until the screen has shown {@code text}, and returns all that it has shown. */
    String await(String text) throws IOException {
        while (screen.indexOf(text) < 0) {
            screen.append(hear(1));
        }
        String shown = screen.toString();
        screen.delete(0, screen.indexOf(text) + text.length());
        return shown;
    }

    @Override
    public void close() {
        stream.close();
    }
}
