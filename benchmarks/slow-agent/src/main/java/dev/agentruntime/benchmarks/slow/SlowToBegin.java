package dev.agentruntime.benchmarks.slow;

import dev.agentruntime.sdk.AfterRestore;
import dev.agentruntime.sdk.AgentEntrypoint;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** An agent whose restore hook takes ten seconds in each new session. */
public class SlowToBegin {

    private static final Duration HOOK = Duration.ofSeconds(10);

    /** Takes its time, but for the rounds that warm a template. */
    @AfterRestore
    public void takeTime(String session) {
        if (session.equals("warm-up")) {
            return;
        }
        long end = System.nanoTime() + HOOK.toNanos();
        for (long left = HOOK.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Answers at once. */
    @AgentEntrypoint
    public String invoke(String prompt) {
        return prompt;
    }
}
