package dev.agentruntime.spi.fake;

import dev.agentruntime.api.GuestStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** One end of a stream in memory. */
final class PipedStream implements GuestStream {

    /** The two ends of one stream. */
    record Pair(GuestStream host, GuestStream guest) {
    }

    private final Pipe in;
    private final Pipe out;

    private PipedStream(Pipe in, Pipe out) {
        this.in = in;
        this.out = out;
    }

    static Pair pair(Executor callbacks) {
        Pipe toHost = new Pipe(callbacks);
        Pipe toGuest = new Pipe(callbacks);
        return new Pair(new PipedStream(toHost, toGuest), new PipedStream(toGuest, toHost));
    }

    /** The host's end of a stream whose other end an agent serves, on a thread of {@code threads}. */
    static GuestStream toAgent(Executor threads, Supplier<FakeAgent> agent) {
        return to(threads, (in, out) -> new FakeConnection(in, out).serve(agent.get()));
    }

    /** What serves a stream in a guest. */
    interface Service {
        void serve(InputStream in, OutputStream out) throws IOException;
    }

    /** The host's end of a stream whose other end {@code service} serves, on a thread of {@code threads}. */
    static GuestStream to(Executor threads, Service service) {
        Pipe toHost = new Pipe(threads);
        Pipe toAgent = new Pipe(threads);
        PipedStream host = new PipedStream(toHost, toAgent);
        threads.execute(() -> {
            try {
                service.serve(toAgent.blockingInput(), toHost.blockingOutput());
                toHost.end();
            } catch (IOException | RuntimeException e) {
                host.close();
            }
        });
        return host;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return in.read(target);
    }

    @Override
    public void onReadable(Runnable callback) {
        in.onReadable(callback);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return out.write(source);
    }

    @Override
    public void onWritable(Runnable callback) {
        out.onWritable(callback);
    }

    @Override
    public void shutdownOutput() {
        out.end();
    }

    @Override
    public void close() {
        in.close();
        out.close();
    }
}
