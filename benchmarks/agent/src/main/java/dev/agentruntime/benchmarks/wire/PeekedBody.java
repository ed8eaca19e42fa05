package dev.agentruntime.benchmarks.wire;

import java.io.IOException;
import java.io.InputStream;

/** A body whose first byte has been waited for. */
final class PeekedBody extends InputStream {

    private static final int TAKEN = -2;

    private final InputStream in;
    private int first;

    /** Blocks until the first byte or the end. */
    PeekedBody(InputStream in) throws IOException {
        this.in = in;
        this.first = in.read();
    }

    @Override
    public int read() throws IOException {
        if (first == TAKEN) {
            return in.read();
        }
        int byteWaitedFor = first;
        first = TAKEN;
        return byteWaitedFor;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        if (first == TAKEN || length == 0) {
            return length == 0 ? 0 : in.read(target, from, length);
        }
        int one = read();
        if (one < 0) {
            return -1;
        }
        target[from] = (byte) one;
        return 1;
    }
}
