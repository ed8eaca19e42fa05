package dev.agentruntime.benchmarks;

import java.io.IOException;

/**
 * How soon a line that an agent prints is seen by who follows its log; and what a guest that prints 1 GB costs its neighbours, itself,
 * the server's heap and the disk.
 */
final class Logs implements Benchmark {

    static final String NAME = "logs";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void run(Lab lab, Report report) throws IOException {
        LogDelay.run(lab, report);
        LogFlood.run(lab, report);
    }
}
