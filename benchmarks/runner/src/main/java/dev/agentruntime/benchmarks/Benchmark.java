package dev.agentruntime.benchmarks;

import java.io.IOException;

/** Measures one thing. */
interface Benchmark {

    /** As the command line and the results call it. */
    String name();

    /** Whether a run measures this without being asked for it by name. */
    default boolean isPartOfEveryRun() {
        return true;
    }

    /**
     * Measures and adds what it finds. Ends the sessions it began. Blocks.
     *
     * @throws IOException something was not answered; what was added before counts
     */
    void run(Lab lab, Report report) throws IOException;
}
