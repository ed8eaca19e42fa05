package dev.agentruntime.benchmarks.agent;

import dev.agentruntime.benchmarks.wire.Exchanges;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Writes into the agent's log. Each method blocks until it is done and returns what it has done. */
final class Printer {

    private Printer() {}

    /** Lines that tell when they are printed. Joined by hand: the JVM would make the code that joins them between the clock and the line. */
    static String print(int lines, int paceMillis) {
        for (int i = 0; i < lines; i++) {
            System.out.println("mark ".concat(Long.toString(Exchanges.nowMicros())));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(paceMillis));
        }
        return lines + " lines";
    }

    static String say(String word) {
        System.out.println(word);
        return word;
    }

    /**
     * Straight to the process's output, as native code prints: the server makes a record of what comes by System.out, which costs an emulated
     * guest so much that a gigabyte would take it half an hour.
     *
     * @param length of each line, with its end
     */
    @SuppressWarnings("resource") // closing it would close the process's output
    static String flood(long bytes, int length) throws IOException {
        FileOutputStream output = new FileOutputStream(FileDescriptor.out);
        byte[] line = ("x".repeat(length - 1) + "\n").getBytes(StandardCharsets.US_ASCII);
        for (long i = 0; i < bytes / length; i++) {
            output.write(line);
        }
        return bytes + " bytes";
    }

    /** Lines by System.out for so long, as fast as they can be printed. Returns how many. */
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
