package dev.agentruntime.channel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads a stream and waits when there is nothing. */
final class StreamInput extends InputStream {

    private final MuxStream stream;
    private final Deadline deadline;

    StreamInput(MuxStream stream, Deadline deadline) {
        this.stream = stream;
        this.deadline = deadline;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(target, offset, length);
        if (length == 0) {
            return 0;
        }
        while (true) {
            int count = stream.read(buffer);
            if (count != 0) {
                return count;
            }
            stream.awaitReadable(deadline);
        }
    }
}
