package dev.agentruntime.features;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * How much of a WAR is looked at: a few bytes of a file can be gigabytes once they are unpacked. What is read of an entry counts
 * when it is unpacked. Not thread-safe.
 */
final class Budget {

    /** The rest of the WAR is not looked at. */
    static final class SpentException extends IOException {
        private static final long serialVersionUID = 1;

        SpentException() {
            super("too much to look through");
        }
    }

    private long bytes;
    private int entries;

    Budget(long bytes, int entries) {
        this.bytes = bytes;
        this.entries = entries;
    }

    void takeEntry() throws SpentException {
        if (--entries < 0) {
            throw new SpentException();
        }
    }

    private void takeBytes(long count) throws SpentException {
        bytes -= Math.max(0, count);
        if (bytes < 0) {
            throw new SpentException();
        }
    }

    /** A view of {@code in} that costs what is read of it. */
    InputStream counted(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                int next = super.read();
                takeBytes(next < 0 ? 0 : 1);
                return next;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int count = super.read(target, offset, length);
                takeBytes(count);
                return count;
            }

            @Override
            public long skip(long count) throws IOException {
                long skipped = super.skip(count);
                takeBytes(skipped);
                return skipped;
            }
        };
    }
}
