package dev.agentruntime.benchmarks.wire;

import java.io.InputStream;
import java.util.Arrays;

/** So many zero bytes, without holding them. */
public final class Zeros extends InputStream {

    private long left;

    public Zeros(long bytes) {
        left = bytes;
    }

    @Override
    public int read() {
        return left-- > 0 ? 0 : -1;
    }

    @Override
    public int read(byte[] target, int from, int length) {
        if (left <= 0) {
            return -1;
        }
        int count = (int) Math.min(length, left);
        Arrays.fill(target, from, from + count, (byte) 0);
        left -= count;
        return count;
    }
}
