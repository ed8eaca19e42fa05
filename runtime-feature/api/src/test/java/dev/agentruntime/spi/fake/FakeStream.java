package dev.agentruntime.spi.fake;

import dev.agentruntime.api.GuestStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** A stream into a fake guest; an agent answers at the other end on a thread of {@code threads}. */
final class FakeStream implements GuestStream {

    private final Pipe toAgent;
    private final Pipe fromAgent;

    FakeStream(Executor threads, Supplier<FakeAgent> agent) {
        this.toAgent = new Pipe(threads);
        this.fromAgent = new Pipe(threads);
        threads.execute(() -> {
            try {
                new FakeConnection(toAgent.blockingInput(), fromAgent.blockingOutput()).serve(agent.get());
                fromAgent.end();
            } catch (IOException | RuntimeException e) {
                close();
            }
        });
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return fromAgent.read(target);
    }

    @Override
    public void onReadable(Runnable callback) {
        fromAgent.onReadable(callback);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return toAgent.write(source);
    }

    @Override
    public void onWritable(Runnable callback) {
        toAgent.onWritable(callback);
    }

    @Override
    public void shutdownOutput() {
        toAgent.end();
    }

    @Override
    public void close() {
        toAgent.reset();
        fromAgent.reset();
    }
}
