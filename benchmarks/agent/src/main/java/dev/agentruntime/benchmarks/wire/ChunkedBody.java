package dev.agentruntime.benchmarks.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A chunked body. Leaves what follows it in the connection. */
final class ChunkedBody extends InputStream {

    private enum Place { BEFORE_FIRST_CHUNK, IN_CHUNKS, ENDED }

    private final InputStream in;
    private long left;
    private Place place = Place.BEFORE_FIRST_CHUNK;

    ChunkedBody(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        if (left == 0 && place != Place.ENDED) {
            nextChunk();
        }
        if (place == Place.ENDED) {
            return -1;
        }
        int count = in.read(target, from, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("The answer broke off within a chunk");
        }
        left -= count;
        return count;
    }

    private void nextChunk() throws IOException {
        if (place == Place.IN_CHUNKS) {
            Lines.next(in);
        }
        String size = Lines.next(in);
        if (size.isEmpty()) {
            throw new EOFException("The answer broke off between two chunks");
        }
        left = Long.parseLong(size.split(";")[0].strip(), 16);
        place = left == 0 ? Place.ENDED : Place.IN_CHUNKS;
        if (place == Place.ENDED) {
            while (!Lines.next(in).isEmpty()) {
                // Trailers mean nothing here.
            }
        }
    }
}
