package dev.agentruntime.channel;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A stream's next bytes, of which there must be as many as were announced. Closing it closes nothing. */
final class BodyInput extends InputStream {

    private final InputStream in;
    private long left;

    BodyInput(InputStream in, long length) {
        this.in = in;
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0) {
            return -1;
        }
        int count = in.read(target, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("the stream ended " + left + " bytes before the end of the body it had announced");
        }
        left -= count;
        return count;
    }
}
