package dev.agentruntime.benchmarks.agent;

import dev.agentruntime.benchmarks.wire.Exchanges;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Writes into the agent's log. Each method blocks until it is done and returns what it has done. */
final class Printer {

    /** Of which the platform keeps 4,097 characters: what a line costs the guest has little to do with how long it is. */
    private static final String LINE = "x".repeat(9_999);

    private Printer() {}

    /** Lines that tell when they are printed. */
    static String print(int lines, int paceMillis) {
        for (int i = 0; i < lines; i++) {
            System.out.println("mark " + Exchanges.nowMicros());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(paceMillis));
        }
        return lines + " lines";
    }

    static String flood(long bytes) {
        for (long i = 0; i < bytes / (LINE.length() + 1); i++) {
            System.out.println(LINE);
        }
        System.out.println("the flood is over");
        return bytes + " bytes";
    }

    /** Computes for as long, for comparison. */
    static String spin(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long sum = 0;
        while (System.nanoTime() < end) {
            sum += sum * 31 + 1;
        }
        return Long.toString(sum);
    }
}
