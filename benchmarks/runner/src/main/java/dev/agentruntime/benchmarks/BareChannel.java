package dev.agentruntime.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How long bytes take into a bare VM and out of it. For one thread; blocks. */
final class BareChannel implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private interface Transfer {
        void run() throws IOException;
    }

    private final BareVm vm;
    private final Port port;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    private BareChannel(BareVm vm, Port port) {
        this.vm = vm;
        this.port = port;
    }

    /** Boots a VM and waits until it answers. */
    static BareChannel open(Hardware hardware, Serving serving) throws IOException {
        BareVm vm = BareVm.start(hardware, serving);
        try {
            BareChannel channel = new BareChannel(vm, serving.open(vm, PATIENCE));
            channel.upload(0);
            return channel;
        } catch (IOException | RuntimeException e) {
            try (vm) {
                throw new IOException(e.getMessage() + "; the VM said: " + vm.said(), e);
            }
        }
    }

    /** Nanoseconds until the guest has said that it has so many bytes, whole blocks of {@link Port#BLOCK}. */
    long upload(long bytes) throws IOException {
        return nanos(() -> port.send(bytes));
    }

    /** Nanoseconds until so many bytes, whole blocks of {@link Port#BLOCK}, have been asked for and received. */
    long download(long bytes) throws IOException {
        return nanos(() -> port.receive(bytes));
    }

    /** On another thread, since a port has no time-out. */
    private long nanos(Transfer transfer) throws IOException {
        long begun = System.nanoTime();
        Future<Long> end = thread.submit(() -> {
            transfer.run();
            return System.nanoTime();
        });
        try {
            return end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS) - begun;
        } catch (TimeoutException e) {
            throw new IOException("The bare VM did not answer within " + PATIENCE, e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }

    @Override
    public void close() throws IOException {
        thread.shutdownNow();
        try (vm) {
            port.close();
        }
    }
}
