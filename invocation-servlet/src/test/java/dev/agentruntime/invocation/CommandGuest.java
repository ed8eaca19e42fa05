package dev.agentruntime.invocation;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A guest that does what a command says, as it is or as one that has been taken over would. */
final class CommandGuest implements AutoCloseable {

    /** Commands whose host has left. */
    final AtomicInteger left = new AtomicInteger();
    /** The time that the last one was given. */
    volatile long lastLimitMillis;

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    CommandGuest() throws IOException {
        server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                threads.execute(() -> serve(socket));
            }
        } catch (IOException closing) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            StringBuilder line = new StringBuilder();
            for (int c = in.read(); c != '\n' && c >= 0; c = in.read()) {
                line.append((char) c);
            }
            lastLimitMillis = Long.parseLong(line.substring(0, line.indexOf(" ")));
            String command = new String(in.readNBytes(Integer.parseInt(line.substring(line.indexOf(" ") + 1))), StandardCharsets.UTF_8);
            run(command, new DataOutputStream(socket.getOutputStream()));
            if (in.read() < 0) {
                left.incrementAndGet();
            }
        } catch (IOException cut) {
            left.incrementAndGet();
        }
    }

    private static void run(String command, DataOutputStream out) throws IOException {
        String what = command.contains(" ") ? command.substring(0, command.indexOf(' ')) : command;
        switch (what) {
            case "say" -> {
                piece(out, 1, command.substring(4).getBytes(StandardCharsets.UTF_8));
                piece(out, 2, "oh".getBytes(StandardCharsets.UTF_8));
                piece(out, 3, "exit 3".getBytes(StandardCharsets.UTF_8));
            }
            case "late" -> piece(out, 3, "timeout 137".getBytes(StandardCharsets.UTF_8));
            case "failed" -> piece(out, 3, "failed no shell".getBytes(StandardCharsets.UTF_8));
            case "halves" -> {
                byte[] text = "grüß €".getBytes(StandardCharsets.UTF_8);
                for (int i = 0; i < text.length; i++) {
                    piece(out, 1, Arrays.copyOfRange(text, i, i + 1));
                }
                piece(out, 1, new byte[] {(byte) 0xff, 'x', (byte) 0xc3});
                piece(out, 3, "exit 0".getBytes(StandardCharsets.UTF_8));
            }
            case "much" -> {
                byte[] zeros = new byte[32 * 1024];
                while (true) {
                    piece(out, 1, zeros);
                }
            }
            case "die" -> piece(out, 1, "half".getBytes(StandardCharsets.UTF_8));
            case "odd" -> {
                out.write(9);
                out.writeInt(3);
                out.write(new byte[3]);
            }
            case "huge" -> {
                out.write(1);
                out.writeInt(Integer.MAX_VALUE);
            }
            case "negative" -> {
                out.write(1);
                out.writeInt(-1);
            }
            case "noend" -> piece(out, 3, "whatever".getBytes(StandardCharsets.UTF_8));
            default -> {
                // Says nothing, and waits.
            }
        }
        if (what.equals("die")) {
            throw new IOException("the guest has gone");
        }
    }

    private static void piece(DataOutputStream out, int what, byte[] bytes) throws IOException {
        out.write(what);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
