package dev.agentruntime.invocation;

import java.io.InputStream;

/** A body of zeros that takes no memory. */
final class Zeros extends InputStream {

    private long left;

    Zeros(long length) {
        left = length;
    }

    @Override
    public int read() {
        return left-- > 0 ? 0 : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (left <= 0) {
            return -1;
        }
        int read = (int) Math.min(length, left);
        left -= read;
        return read;
    }
}
