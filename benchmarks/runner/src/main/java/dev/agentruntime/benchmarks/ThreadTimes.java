package dev.agentruntime.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The CPU time that each thread of a process has had, as its scheduler counts it. Unlike the time by the clock it does not depend on who
 * else uses the machine.
 */
record ThreadTimes(Map<String, Thread> threads) {

    /** @param name cut by the system after fifteen characters */
    record Thread(String name, long nanos) {}

    /** Of a process of this machine, now. */
    static ThreadTimes of(long pid) throws IOException {
        Map<String, Thread> threads = new HashMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks.toList()) {
                read(task, threads);
            }
        }
        return new ThreadTimes(threads);
    }

    private static void read(Path task, Map<String, Thread> threads) {
        try {
            String name = Files.readString(task.resolve("comm")).strip();
            long nanos = Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ")[0]);
            threads.put(task.getFileName().toString(), new Thread(name, nanos));
        } catch (IOException ended) {
            // With it goes what it has used; threads of pools stay.
        }
    }

    /** Nanoseconds since {@code before}, of threads of one kind together. */
    Map<String, Long> since(ThreadTimes before) {
        Map<String, Long> kinds = new TreeMap<>();
        threads.forEach((id, thread) -> {
            Thread then = before.threads.get(id);
            long nanos = thread.nanos - (then == null ? 0 : then.nanos);
            if (nanos > 0) {
                kinds.merge(kind(thread.name), nanos, Long::sum);
            }
        });
        return kinds;
    }

    /** Of those kinds that are meant. */
    static long sum(Map<String, Long> kinds, Predicate<String> meant) {
        return kinds.entrySet().stream().filter(one -> meant.test(one.getKey())).mapToLong(Map.Entry::getValue).sum();
    }

    /** Threads of one pool differ in the numbers at their names' ends only. */
    private static String kind(String name) {
        return name.replaceFirst("[-#_ ]*[0-9]+$", "");
    }
}
