package dev.agentruntime.libvirt;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.channel.MuxStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A stream of the channel as the domain sees it. */
record ChannelStream(MuxStream stream) implements GuestStream {

    @Override
    public int read(ByteBuffer target) throws IOException {
        return stream.read(target);
    }

    @Override
    public void onReadable(Runnable callback) {
        stream.onReadable(callback);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return stream.write(source);
    }

    @Override
    public void onWritable(Runnable callback) {
        stream.onWritable(callback);
    }

    @Override
    public void shutdownOutput() {
        stream.shutdownOutput();
    }

    @Override
    public void close() {
        stream.close();
    }
}
