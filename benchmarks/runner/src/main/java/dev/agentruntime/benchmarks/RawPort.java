package dev.agentruntime.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** Bytes straight through the socket of a VM's port. */
final class RawPort implements Port {

    private static final int BUFFER = 256 << 10;
    private static final int DONE = "done\n".length();

    private final SocketChannel socket;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

    RawPort(SocketChannel socket) {
        this.socket = socket;
    }

    @Override
    public void send(long bytes) throws IOException {
        order("sink", bytes);
        for (long left = bytes; left > 0;) {
            buffer.clear().limit((int) Math.min(BUFFER, left));
            left -= socket.write(buffer);
        }
        take(DONE);
    }

    @Override
    public void receive(long bytes) throws IOException {
        order("source", bytes);
        take(bytes);
    }

    private void order(String name, long bytes) throws IOException {
        ByteBuffer line = ByteBuffer.wrap((name + " " + bytes / BLOCK + "\n").getBytes(StandardCharsets.US_ASCII));
        while (line.hasRemaining()) {
            socket.write(line);
        }
    }

    private void take(long bytes) throws IOException {
        for (long left = bytes; left > 0;) {
            buffer.clear().limit((int) Math.min(BUFFER, left));
            int count = socket.read(buffer);
            if (count < 0) {
                throw new EOFException("The VM has closed its port");
            }
            left -= count;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
