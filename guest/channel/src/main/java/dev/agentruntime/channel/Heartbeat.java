package dev.agentruntime.channel;

/**
 * Decides when a silent guest is asked for a sign of life, and when its link is given up. It counts looks and not time: a
 * host that stood still has not waited for its guest. Not thread-safe.
 */
final class Heartbeat {

    enum Step { NONE, PING, LOST }

    /** Looks come a second apart. */
    static final int PING_AFTER = 2;
    static final int LOST_AFTER = 10;

    private int silentLooks;

    /** @param heard whether anything came since the last look */
    Step look(boolean heard) {
        silentLooks = heard ? 0 : silentLooks + 1;
        return switch (silentLooks) {
            case PING_AFTER -> Step.PING;
            case LOST_AFTER -> Step.LOST;
            default -> Step.NONE;
        };
    }

    void reset() {
        silentLooks = 0;
    }
}
