package dev.agentruntime.liberty;

import java.util.logging.Logger;

/**
 * What is done again and again. A scheduler never again calls a task that has thrown once; this one throws nothing, not even
 * when the process has no memory or no thread left for a moment.
 */
record Heartbeat(Runnable tick) implements Runnable {

    private static final Logger LOG = Logger.getLogger(Heartbeat.class.getName());

    @Override
    public void run() {
        try {
            tick.run();
        } catch (Throwable e) {
            tell(e);
        }
    }

    private static void tell(Throwable failure) {
        try {
            LibertyMessage.HEARTBEAT_FAILED.log(LOG, failure, failure.toString());
        } catch (Throwable unsaid) {
            // Without memory there are no words either. The next beat matters more.
        }
    }
}
