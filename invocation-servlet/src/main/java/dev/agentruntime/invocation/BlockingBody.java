package dev.agentruntime.invocation;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;

/** A body that is read by blocking only, in whole arrays. Not thread-safe. */
abstract class BlockingBody extends ServletInputStream {

    private boolean over;

    /** The same as {@link #read(byte[], int, int)}, of one byte at least, before the end. */
    abstract int next(byte[] buffer, int offset, int length) throws IOException;

    @Override
    public final int read(byte[] buffer, int offset, int length) throws IOException {
        if (over || length == 0) {
            return over ? -1 : 0;
        }
        int read = next(buffer, offset, length);
        over = read < 0;
        return read;
    }

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public final boolean isFinished() {
        return over;
    }

    @Override
    public final boolean isReady() {
        return true;
    }

    @Override
    public final void setReadListener(ReadListener listener) {
        throw new IllegalStateException("This body is read by blocking, or as JudgedRequest.bodyOf gives it");
    }
}
