package dev.agentruntime.benchmarks;

import java.time.Duration;

/** How long a server took from the command that starts it. */
record Startup(long readyNanos, long filledNanos) {

    static final String READY = "from the server's start command to /health/ready";
    static final String FILLED = "from the server's start command to filled pools";
    private static final Duration LOOK = Duration.ofMillis(50);

    /** @param begun {@link System#nanoTime()} before the command */
    static Startup await(Lab lab, long begun) {
        while (!lab.api().ready()) {
            if (lab.budget().spent()) {
                throw new BenchmarkException("/health/ready did not say so before the time was over");
            }
            Pause.of(LOOK);
        }
        long ready = System.nanoTime() - begun;
        lab.fillPools();
        return new Startup(ready, System.nanoTime() - begun);
    }
}
