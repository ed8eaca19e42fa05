package dev.agentruntime.client;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One WebSocket at a time, by hand: the JDK's server has none. Whatever else it is asked, it answers alike. */
public final class ShellServer implements AutoCloseable {

    /** For what will come: a machine may be busy. */
    private static final int SECONDS = 120;

    private static final byte BINARY = (byte) 0x82;
    private static final byte PING = (byte) 0x89;
    private static final byte PONG = (byte) 0x8a;

    private final ServerSocket listening;
    private final String otherwise;
    private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> heads = new LinkedBlockingQueue<>();
    private final BlockingQueue<Socket> open = new LinkedBlockingQueue<>();
    private final Thread serving = new Thread(this::serve, "shell-server");
    private volatile Socket served = new Socket();

    public ShellServer() throws IOException {
        this("{}");
    }

    /** @param otherwise the answer to what asks for no WebSocket, JSON */
    public ShellServer(String otherwise) throws IOException {
        this.otherwise = otherwise;
        listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        serving.setDaemon(true);
        serving.start();
    }

    public URI endpoint() {
        return URI.create("http://localhost:" + listening.getLocalPort() + "/agents");
    }

    private void serve() {
        try {
            while (!upgraded()) {
                // Until somebody asks for a WebSocket.
            }
        } catch (IOException | NoSuchAlgorithmException e) {
            // The test is over.
        }
    }

    private boolean upgraded() throws IOException, NoSuchAlgorithmException {
        try (Socket socket = listening.accept()) {
            served = socket;
            DataInputStream in = new DataInputStream(socket.getInputStream());
            String head = head(in);
            if (!head.toLowerCase(java.util.Locale.ROOT).contains("upgrade: websocket")) {
                socket.getOutputStream().write(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                        + otherwise.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + otherwise).getBytes(StandardCharsets.UTF_8));
                return false;
            }
            heads.add(head);
            socket.getOutputStream().write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                    + accept(head.replaceAll("(?is).*sec-websocket-key: *(\\S+).*", "$1")) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            open.add(socket);
            while (true) {
                byte[] frame = frame(in);
                if (frame[0] == PING) {
                    write(socket, PONG, Arrays.copyOfRange(frame, 1, frame.length));
                } else {
                    received.add(frame);
                }
            }
        }
    }

    private static String head(DataInputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            head.write(in.readByte());
        }
        return head.toString(StandardCharsets.US_ASCII);
    }

    private static String accept(String key) throws NoSuchAlgorithmException {
        return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1")
                .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII)));
    }

    /** The first byte of a frame, and its payload behind it. */
    private static byte[] frame(DataInputStream in) throws IOException {
        byte first = in.readByte();
        int length = in.readByte() & 0x7f;
        length = length == 126 ? in.readUnsignedShort() : length;
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes(length);
        byte[] frame = new byte[length + 1];
        frame[0] = first;
        for (int i = 0; i < length; i++) {
            frame[i + 1] = (byte) (payload[i] ^ mask[i % 4]);
        }
        return frame;
    }

    public String head() throws InterruptedException {
        return heads.poll(SECONDS, TimeUnit.SECONDS);
    }

    public byte[] received() throws InterruptedException {
        return received.poll(SECONDS, TimeUnit.SECONDS);
    }

    /** A binary message on a channel. */
    public void send(int channel, String text) throws Exception {
        byte[] words = text.getBytes(StandardCharsets.UTF_8);
        byte[] message = ByteBuffer.allocate(1 + words.length).put((byte) channel).put(words).array();
        Socket socket = open.poll(SECONDS, TimeUnit.SECONDS);
        write(socket, BINARY, message);
        open.add(socket);
    }

    private static void write(Socket socket, byte first, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(first);
        if (payload.length < 126) {
            frame.write(payload.length);
        } else {
            frame.writeBytes(new byte[] {126, (byte) (payload.length >> 8), (byte) payload.length});
        }
        frame.writeBytes(payload);
        synchronized (socket) {
            socket.getOutputStream().write(frame.toByteArray());
        }
    }

    /** By itself: says what a shell says that is asked for {@code ls}, and ends or is cut off. */
    public void play(boolean killed) {
        Thread thread = new Thread(() -> {
            try {
                send(3, "{\"metadata\":{\"shellId\":\"mine\",\"reconnected\":false},\"status\":\"Success\"}");
                send(1, "hello.war\r\n");
                received();
                if (killed) {
                    cut();
                } else {
                    send(3, "{\"metadata\":{},\"status\":\"Success\"}");
                }
            } catch (Exception e) {
                // The test is over.
            }
        }, "shell-play");
        thread.setDaemon(true);
        thread.start();
    }

    public void cut() throws Exception {
        open.poll(SECONDS, TimeUnit.SECONDS).close();
    }

    /** Returns when nobody can connect any more: a thread that waits in accept may still get one connection after the close. */
    @Override
    public void close() throws IOException {
        listening.close();
        try {
            do {
                served.close();
                serving.join(10);
            } while (serving.isAlive());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
