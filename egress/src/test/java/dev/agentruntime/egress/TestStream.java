package dev.agentruntime.egress;

import dev.agentruntime.api.GuestStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The host's end of a stream in memory. */
final class TestStream implements GuestStream {

    final BytePipe fromGuest = new BytePipe();
    final BytePipe toGuest = new BytePipe();

    @Override
    public int read(ByteBuffer target) throws IOException {
        return fromGuest.read(target);
    }

    @Override
    public void onReadable(Runnable callback) {
        fromGuest.onReadable(callback);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return toGuest.write(source);
    }

    @Override
    public void onWritable(Runnable callback) {
        toGuest.onWritable(callback);
    }

    @Override
    public void shutdownOutput() {
        toGuest.end();
    }

    @Override
    public void close() {
        if (!fromGuest.hasEnded() || !toGuest.hasEnded()) {
            fromGuest.reset();
            toGuest.reset();
        }
    }
}
