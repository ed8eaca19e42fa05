package dev.agentruntime.log;

import java.time.Duration;
import java.util.function.LongSupplier;

/** When to tell of a failure that may come several times a second: at once, and then less and less often. Thread-safe; does not block. */
public final class Complaints {

    private static final long FIRST_PAUSE = Duration.ofSeconds(10).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofHours(1).toNanos();

    private final LongSupplier nanoTime;
    private long pause;
    private long told;
    private long failed;

    /** @param nanoTime as {@link System#nanoTime()} */
    public Complaints(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** It has failed once more; says whether to tell of it. After an hour without failures the next one is the first again. */
    public synchronized boolean isDue() {
        long now = nanoTime.getAsLong();
        if (pause > 0 && now - failed > LONGEST_PAUSE) {
            pause = 0;
        }
        failed = now;
        if (pause > 0 && now - told < pause) {
            return false;
        }
        told = now;
        pause = pause == 0 ? FIRST_PAUSE : Math.min(2 * pause, LONGEST_PAUSE);
        return true;
    }
}
