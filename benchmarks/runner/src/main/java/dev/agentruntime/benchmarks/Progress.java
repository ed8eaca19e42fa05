package dev.agentruntime.benchmarks;

import java.io.PrintStream;
import java.time.Duration;

/** Tells the person at the terminal what is going on. */
final class Progress {

    private static final PrintStream OUT = System.out;
    private static final long BEGUN = System.nanoTime();

    private Progress() {}

    static void step(String text) {
        OUT.printf("%n== %s (%d s)%n", text, Duration.ofNanos(System.nanoTime() - BEGUN).toSeconds());
    }

    static void say(String text) {
        OUT.println("   " + text);
    }
}
