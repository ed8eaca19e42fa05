package dev.agentruntime.libvirt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/** The pages of a {@link FakeDomain} that differ from its template. */
final class FakeMemory implements GuestMemory {

    private final Map<Long, byte[]> pages = new TreeMap<>();
    private Optional<IOException> failure = Optional.empty();
    private CountDownLatch open = new CountDownLatch(0);

    /** From now on nobody can look into it. */
    void fail(IOException why) {
        failure = Optional.of(why);
    }

    /** From now on whoever looks into it hangs, until the returned latch is opened. */
    CountDownLatch hang() {
        open = new CountDownLatch(1);
        return open;
    }

    /** Fills a page. */
    void put(long offset, int value) {
        byte[] page = new byte[PAGE];
        java.util.Arrays.fill(page, (byte) value);
        pages.put(offset, page);
    }

    /** The first byte of each page that is its own. */
    Map<Long, Integer> values() {
        Map<Long, Integer> values = new TreeMap<>();
        pages.forEach((offset, page) -> values.put(offset, (int) page[0]));
        return values;
    }

    @Override
    public void changed(Sink sink) throws IOException {
        check();
        await();
        for (Map.Entry<Long, byte[]> page : pages.entrySet()) {
            sink.pages(page.getKey(), ByteBuffer.wrap(page.getValue()));
        }
    }

    @Override
    public void write(long offset, ByteBuffer bytes) throws IOException {
        check();
        for (long at = offset; bytes.hasRemaining(); at += PAGE) {
            byte[] page = new byte[PAGE];
            bytes.get(page);
            pages.put(at, page);
        }
    }

    private void await() throws IOException {
        try {
            open.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void check() throws IOException {
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    @Override
    public void close() {
        // It stays with its domain.
    }
}
