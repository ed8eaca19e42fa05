package dev.agentruntime.invocation.fake;

import dev.agentruntime.api.LogLine;
import dev.agentruntime.api.LogLine.Severity;
import dev.agentruntime.api.LogLine.Source;
import dev.agentruntime.api.SessionLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A session's log in memory. */
public final class MemoryLog implements SessionLog {

    private final List<LogLine> lines = new ArrayList<>();
    private final List<Runnable> listeners = new ArrayList<>();
    private boolean ended;

    public void say(String text) {
        List<Runnable> told;
        synchronized (this) {
            lines.add(new LogLine(lines.size(), Instant.parse("2031-01-01T00:00:00Z").plusSeconds(lines.size()), Source.STDOUT, Severity.INFO, text));
            told = taken();
        }
        told.forEach(Runnable::run);
    }

    public void end() {
        List<Runnable> told;
        synchronized (this) {
            ended = true;
            told = taken();
        }
        told.forEach(Runnable::run);
    }

    private List<Runnable> taken() {
        List<Runnable> told = List.copyOf(listeners);
        listeners.clear();
        return told;
    }

    /** How many wait for a line. */
    public synchronized int waiting() {
        return listeners.size();
    }

    @Override
    public synchronized List<LogLine> last(int most) {
        return List.copyOf(lines.subList(Math.max(0, lines.size() - most), lines.size()));
    }

    @Override
    public Follower after(long number) {
        return new Follower() {
            private long seen = number;
            private boolean atEnd;

            @Override
            public List<LogLine> next() {
                synchronized (MemoryLog.this) {
                    List<LogLine> next = lines.stream().filter(line -> line.number() > seen).limit(2).toList();
                    seen += next.size();
                    atEnd = ended && next.isEmpty();
                    return next;
                }
            }

            @Override
            public boolean atEnd() {
                return atEnd;
            }

            @Override
            public void onNews(Runnable callback) {
                synchronized (MemoryLog.this) {
                    if (seen == lines.size() - 1 && !ended) {
                        listeners.add(callback);
                        return;
                    }
                }
                callback.run();
            }

            @Override
            public void close() {
                synchronized (MemoryLog.this) {
                    listeners.clear();
                }
            }
        };
    }
}
