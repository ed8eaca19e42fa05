package dev.agentruntime.invocation;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** An agent that answers raw bytes, as whoever has taken over a guest can. */
final class RawAgent implements AutoCloseable {

    /** What is done on a connection after the head of a request has come. */
    interface Script {
        void answer(String head, Connection connection) throws IOException;
    }

    /** One connection from the host. */
    record Connection(InputStream in, OutputStream out, AtomicLong sent) {

        void send(String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            out.write(bytes);
            out.flush();
            sent.addAndGet(bytes.length);
        }

        /** Sends {@code part} until the host closes the connection, or until {@code bytes} went out. */
        void sendUpTo(long bytes, String part) throws IOException {
            for (long begun = sent.get(); sent.get() - begun < bytes; ) {
                send(part);
            }
        }

        String head() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    return "";
                }
                head.append((char) next);
            }
            return head.toString();
        }

        /** Neither reads nor says anything, until the test is over. */
        void ignore() throws IOException {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException closing) {
                throw new InterruptedIOException("the test is over");
            }
        }

        /** Says nothing, until the host closes the connection. */
        void hold() throws IOException {
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** Connections that the host has made so far. */
    final AtomicInteger connections = new AtomicInteger();
    /** Connections that the host has closed, or this end. */
    final AtomicInteger closed = new AtomicInteger();
    /** Bytes of answers that were sent so far. */
    final AtomicLong sent = new AtomicLong();

    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    RawAgent(Script script) throws IOException {
        server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        threads.execute(() -> accept(script));
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept(Script script) {
        try {
            while (true) {
                Socket socket = server.accept();
                connections.incrementAndGet();
                threads.execute(() -> serve(socket, script));
            }
        } catch (IOException closing) {
            // The test is over.
        }
    }

    private void serve(Socket socket, Script script) {
        try (socket) {
            Connection connection = new Connection(socket.getInputStream(), new BufferedOutputStream(socket.getOutputStream()), sent);
            for (String head = connection.head(); !head.isEmpty(); head = connection.head()) {
                script.answer(head, connection);
            }
        } catch (IOException cut) {
            // The host has closed the connection, which tests see in the count below.
        } finally {
            closed.incrementAndGet();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
