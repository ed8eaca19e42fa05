package dev.agentruntime.invocation;

import java.util.concurrent.atomic.AtomicInteger;

/** Does something on one thread at a time, and once more where it was asked for meanwhile, so that nothing is missed. Thread-safe. */
final class Turns {

    private final AtomicInteger asked = new AtomicInteger();
    private final Runnable turn;

    /** @param turn does not throw */
    Turns(Runnable turn) {
        this.turn = turn;
    }

    /** Has it done, by this thread or by the one that is at it. */
    void take() {
        if (asked.getAndIncrement() == 0) {
            int done;
            do {
                done = asked.get();
                turn.run();
            } while (asked.addAndGet(-done) > 0);
        }
    }
}
