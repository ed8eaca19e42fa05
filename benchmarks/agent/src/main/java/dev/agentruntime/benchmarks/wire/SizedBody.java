package dev.agentruntime.benchmarks.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A body whose length is known. Leaves what follows it in the connection. */
final class SizedBody extends InputStream {

    private final InputStream in;
    private long left;

    SizedBody(InputStream in, long length) {
        this.in = in;
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int count = in.read(target, from, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("The answer's body ended " + left + " bytes early");
        }
        left -= count;
        return count;
    }
}
