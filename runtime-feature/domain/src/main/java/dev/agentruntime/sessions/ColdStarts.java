package dev.agentruntime.sessions;

import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets so many VMs be started on demand at the same time: all are there sooner than if all were started at once. That is for
 * speed only. Whoever has waited long starts all the same, so that starts that hang, or guests that boot slowly, hold up
 * nobody for long.
 */
final class ColdStarts {

    private final Semaphore places;
    private final Duration patience;

    ColdStarts(int most, Duration patience) {
        this.places = new Semaphore(most, true);
        this.patience = patience;
    }

    Vm start(Supplier<Vm> start) {
        boolean placed = placed();
        try {
            return start.get();
        } finally {
            if (placed) {
                places.release();
            }
        }
    }

    private boolean placed() {
        try {
            return places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VmException("The server was stopped while the VM waited for others to be started.", e);
        }
    }
}
