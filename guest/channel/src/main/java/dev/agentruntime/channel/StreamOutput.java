package dev.agentruntime.channel;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Writes to a stream and waits when there is no room. */
final class StreamOutput extends OutputStream {

    private final MuxStream stream;
    private final Deadline deadline;

    StreamOutput(MuxStream stream, Deadline deadline) {
        this.stream = stream;
        this.deadline = deadline;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(source, offset, length);
        while (buffer.hasRemaining()) {
            if (stream.write(buffer) == 0) {
                stream.awaitWritable(deadline);
            }
        }
    }

    @Override
    public void close() {
        stream.shutdownOutput();
    }
}
