package dev.agentruntime.api;

import java.util.List;

/** What is kept of the log of one session. Thread-safe. Methods read files and may block for as long as a disk likes. */
public interface SessionLog {

    /** Reads from the latest lines on, {@code lines} of them at most; those that come only where that is 0. */
    Follower latest(int lines);

    /**
     * Reads on after the line {@code number}; -1 for the oldest line that is kept. So it does where no line has had that number yet:
     * it is of an earlier log.
     */
    Follower after(long number);

    /** Reads a log from a place in it on. For one thread at a time. */
    interface Follower extends AutoCloseable {

        /** The lines that follow, oldest first, as many as are cheap to read at once; none when there are no more now. */
        List<LogLine> next();

        /** Whether the session's log is complete and every line was read. Does not block. */
        boolean atEnd();

        /**
         * Runs {@code callback} once, on a thread of the platform's that must not be held for long, as soon as {@link #next} or
         * {@link #atEnd} has something to say. Does not block.
         */
        void onNews(Runnable callback);

        /** Does not block. */
        @Override
        void close();
    }
}
