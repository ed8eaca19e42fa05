package dev.agentruntime.libvirt;

import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Lets so many VMs be created at the same time. What somebody waits for comes first: VMs that are made ahead, and those that write
 * templates, leave one place free for it. Who comes first is served first otherwise, so that nobody waits for ever. Thread-safe.
 */
final class CreateTurns {

    /** For whom a VM is made. */
    enum For { SESSION, LATER }

    private final Semaphore all;
    private final Semaphore later;

    /** @param most at once; with one, sessions share it */
    CreateTurns(int most) {
        all = new Semaphore(most, true);
        later = new Semaphore(Math.max(1, most - 1), true);
    }

    /** Waits for a turn, then does the work. An interrupt does not end the wait. */
    <T> T in(For whom, Supplier<T> work) {
        if (whom == For.SESSION) {
            return in(all, work);
        }
        return in(later, () -> in(all, work));
    }

    private static <T> T in(Semaphore places, Supplier<T> work) {
        places.acquireUninterruptibly();
        try {
            return work.get();
        } finally {
            places.release();
        }
    }
}
