package dev.agentruntime.console;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts wrong passwords, so that nobody can try many. Thread-safe. */
final class Attempts {

    /** So many wrong ones of one name from one address, within the window. */
    static final int MOST = 10;
    static final Duration WINDOW = Duration.ofMinutes(10);
    private static final int MOST_KEPT = 10_000;

    private record Who(String address, String name) {}

    private final Map<Who, Deque<Instant>> failures = new LinkedHashMap<>(16, 0.75f, true);
    private final Clock clock;

    Attempts(Clock clock) {
        this.clock = clock;
    }

    /** Whether one more password may be tried. If so it counts as a wrong one until it has proved right: many may be tried at the same time. */
    synchronized boolean begin(String address, String name) {
        Deque<Instant> mine = failures.computeIfAbsent(new Who(address, name), first -> new ArrayDeque<>());
        Instant now = clock.instant();
        mine.removeIf(failure -> !failure.isAfter(now.minus(WINDOW)));
        if (failures.size() > MOST_KEPT) {
            failures.remove(failures.keySet().iterator().next());
        }
        return mine.size() < MOST && mine.add(now);
    }

    /** The one before was right. */
    synchronized void succeeded(String address, String name) {
        failures.remove(new Who(address, name));
    }
}
