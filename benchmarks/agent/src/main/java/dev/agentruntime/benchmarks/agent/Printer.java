package dev.agentruntime.benchmarks.agent;

import dev.agentruntime.benchmarks.wire.Exchanges;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Writes into the agent's log. Each method blocks until it is done and returns what it has done. */
final class Printer {

    private Printer() {}

    /** Lines that tell when they are printed. */
    static String print(int lines, int paceMillis) {
        for (int i = 0; i < lines; i++) {
            System.out.println("mark " + Exchanges.nowMicros());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(paceMillis));
        }
        return lines + " lines";
    }

    static String say(String word) {
        System.out.println(word);
        return word;
    }

    /** @param length of each line, with its end */
    static String flood(long bytes, int length) {
        String line = "x".repeat(length - 1);
        for (long i = 0; i < bytes / length; i++) {
            System.out.println(line);
        }
        return bytes + " bytes";
    }

    /** Short lines for so long, as fast as they can be printed. Returns how many. */
    static String chatter(long millis, int length) {
        String line = "x".repeat(length - 1);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        long lines = 0;
        for (; System.nanoTime() < end; lines++) {
            System.out.println(line);
        }
        return Long.toString(lines);
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
