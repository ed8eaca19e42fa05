package dev.agentruntime.health;

import org.eclipse.microprofile.metrics.Counter;

/** A sum of parts in a counter, which holds whole numbers only: what is less than one waits for more. Thread-safe. */
final class WholeSum {

    private final Counter counter;
    private double rest;

    WholeSum(Counter counter) {
        this.counter = counter;
    }

    synchronized void add(double amount) {
        rest += amount;
        long whole = (long) rest;
        if (whole > 0) {
            counter.inc(whole);
            rest -= whole;
        }
    }
}
