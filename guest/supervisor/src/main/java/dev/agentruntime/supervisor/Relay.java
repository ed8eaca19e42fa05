package dev.agentruntime.supervisor;

import dev.agentruntime.channel.MuxStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * Joins a stream from the host with a connection to the agent's port, byte for byte. Each direction ends by itself and
 * passes its end on. There is no time-out: how long silence may last is for the host to say.
 */
final class Relay {
    private static final int CHUNK = 32 * 1024;
    private static final int CONNECT_MILLIS = 10_000;

    private final InetSocketAddress agent;
    private final Executor threads;

    Relay(InetSocketAddress agent, Executor threads) {
        this.agent = agent;
        this.threads = threads;
    }

    /** Blocks until both directions have ended. The stream is closed in any case. */
    void run(MuxStream stream) throws IOException {
        try (stream; Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(agent, CONNECT_MILLIS);
            CompletableFuture<Void> answers = CompletableFuture.runAsync(() -> answers(socket, stream), threads);
            try {
                copy(stream.input(), socket.getOutputStream());
                socket.shutdownOutput();
            } catch (IOException e) {
                // The other direction hangs in a read of the socket: only closing it sets it free.
                socket.close();
                throw e;
            } finally {
                join(answers);
            }
        }
    }

    private static void answers(Socket socket, MuxStream stream) {
        try {
            copy(socket.getInputStream(), stream.output());
            stream.shutdownOutput();
        } catch (IOException e) {
            stream.close();
            throw new CompletionException(e);
        }
    }

    private static void join(CompletableFuture<Void> answers) throws IOException {
        try {
            answers.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int n = from.read(chunk); n >= 0; n = from.read(chunk)) {
            to.write(chunk, 0, n);
            to.flush();
        }
    }
}
