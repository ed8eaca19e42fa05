package dev.agentruntime.logs;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** A bucket of tokens: how much may pass now, and how long to wait for more. Not thread-safe. */
final class Pace {

    private static final double SECOND = 1e9;

    private final DoubleSupplier perSecond;
    private final double most;
    private final LongSupplier nanos;
    private double left;
    private long at;

    /**
     * @param perSecond as it is now
     * @param most      how much may pass at once after a while of rest
     */
    Pace(DoubleSupplier perSecond, double most, LongSupplier nanos) {
        this.perSecond = perSecond;
        this.most = most;
        this.nanos = nanos;
        this.left = most;
        this.at = nanos.getAsLong();
    }

    /** Takes so much; what is too much is paid for by waiting longer. */
    void take(double amount) {
        refill();
        left -= amount;
    }

    /** Whether something may pass now. */
    boolean isOpen() {
        refill();
        return left > 0;
    }

    /** Until something may pass; zero when it may now. */
    Duration untilOpen() {
        refill();
        return left > 0 ? Duration.ZERO : Duration.ofNanos((long) (-left / perSecond.getAsDouble() * SECOND) + 1_000_000);
    }

    private void refill() {
        long now = nanos.getAsLong();
        left = Math.min(most, left + (now - at) / SECOND * perSecond.getAsDouble());
        at = now;
    }
}
