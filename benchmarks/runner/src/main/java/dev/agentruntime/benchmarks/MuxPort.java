package dev.agentruntime.benchmarks;

import dev.agentruntime.channel.HostLink;
import dev.agentruntime.channel.MuxStream;
import dev.agentruntime.channel.Reactor;
import dev.agentruntime.channel.Targets;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;

/** Bytes through a stream of the product's multiplexer over a VM's port, to a {@link MuxGuest}. */
final class MuxPort implements Port {

    private final Reactor reactor;
    private final HostLink link;
    private final byte[] chunk = new byte[64 << 10];

    /** Waits until the guest serves it. */
    MuxPort(Path socket, Duration patience) throws IOException {
        reactor = new Reactor(Runnable::run);
        try {
            link = HostLink.connect(socket, reactor, patience);
        } catch (IOException e) {
            reactor.close();
            throw e;
        }
    }

    @Override
    public void send(long bytes) throws IOException {
        try (MuxStream stream = link.open(Targets.AGENT)) {
            OutputStream out = stream.output();
            new DataOutputStream(out).writeLong(bytes);
            for (long left = bytes; left > 0; left -= Math.min(chunk.length, left)) {
                out.write(chunk, 0, (int) Math.min(chunk.length, left));
            }
            if (stream.input().read() < 0) {
                throw new EOFException("The guest did not say that it has all");
            }
        }
    }

    @Override
    public void receive(long bytes) throws IOException {
        try (MuxStream stream = link.open(Targets.AGENT)) {
            new DataOutputStream(stream.output()).writeLong(-bytes);
            InputStream in = stream.input();
            long left = bytes;
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                left -= count;
            }
            if (left != 0) {
                throw new EOFException("Of " + bytes + " bytes, " + left + " did not come");
            }
        }
    }

    @Override
    public void close() {
        link.close();
        reactor.close();
    }
}
