package dev.agentruntime.runtime;

/**
 * How many VMs may be made ahead at the same time, in all pools together: one core stays free for sessions that run, and
 * one more for each that is just being started. Thread-safe.
 */
final class FillSlots {

    private final int most;
    private int fills;
    private int starts;

    FillSlots(int cores) {
        this.most = Math.max(1, cores - 1);
    }

    synchronized boolean take() {
        if (fills + starts >= most) {
            return false;
        }
        fills++;
        return true;
    }

    synchronized void release() {
        fills--;
    }

    synchronized void startBegan() {
        starts++;
    }

    synchronized void startEnded() {
        starts--;
    }
}
