package dev.agentruntime.invocation.fake;

import dev.agentruntime.api.LogLine;
import dev.agentruntime.api.LogLine.Severity;
import dev.agentruntime.api.LogLine.Source;
import dev.agentruntime.api.SessionLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A session's log in memory. */
public final class MemoryLog implements SessionLog {

    private final List<LogLine> lines = new ArrayList<>();
    private final List<Runnable> listeners = new ArrayList<>();
    private boolean ended;
    private boolean spoilt;

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

    /** From now on nothing can be read. */
    public synchronized void spoil() {
        spoilt = true;
    }

    @Override
    public synchronized Follower latest(int count) {
        return after(lines.size() - count - 1);
    }

    @Override
    public Follower after(long number) {
        return new Follower() {
            private long seen = number;
            private boolean atEnd;

            @Override
            public List<LogLine> next() {
                synchronized (MemoryLog.this) {
                    if (spoilt) {
                        throw new UncheckedIOException(new IOException("Input/output error"));
                    }
                    int from = (int) Math.max(0, Math.min(lines.size(), seen + 1));
                    List<LogLine> next = List.copyOf(lines.subList(from, Math.min(lines.size(), from + 20)));
                    seen = next.isEmpty() ? seen : next.get(next.size() - 1).number();
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
