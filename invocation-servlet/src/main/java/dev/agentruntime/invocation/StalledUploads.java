package dev.agentruntime.invocation;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.Subject;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the uploads that wait for agents which do not read. Each holds a connection and some buffers, so that there may not
 * be any number of them, and of these each subject has a share. Thread-safe.
 */
final class StalledUploads {

    static final int MOST = 1024;
    static final int MOST_OF_ONE = 256;

    private final int most;
    private final int mostOfOne;
    private final Shares<Subject> shares;
    private final AtomicInteger count = new AtomicInteger();

    StalledUploads() {
        this(MOST, MOST_OF_ONE);
    }

    StalledUploads(int most, int mostOfOne) {
        this.most = most;
        this.mostOfOne = mostOfOne;
        this.shares = new Shares<>(mostOfOne);
    }

    /** The uploads of one subject. */
    record OfSubject(StalledUploads all, Subject subject) {

        /** @throws RequestException there are too many, of the subject or in all: of kind THROTTLED */
        void begin() {
            all.begin(subject);
        }

        void end() {
            all.end(subject);
        }
    }

    OfSubject of(Subject subject) {
        return new OfSubject(this, subject);
    }

    private void begin(Subject subject) {
        if (!shares.take(subject)) {
            throw tooMany(mostOfOne + " requests of this caller");
        }
        if (count.incrementAndGet() > most) {
            end(subject);
            throw tooMany(most + " requests of all callers");
        }
    }

    private void end(Subject subject) {
        count.decrementAndGet();
        shares.giveBack(subject);
    }

    private static RequestException tooMany(String which) {
        return new RequestException(RequestException.Kind.THROTTLED,
                which + " wait for agents that do not read their bodies, as many as may; try again later");
    }

    int count() {
        return count.get();
    }
}
