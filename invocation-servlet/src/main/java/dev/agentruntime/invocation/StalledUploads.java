package dev.agentruntime.invocation;

import dev.agentruntime.api.RequestException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the uploads that wait for agents which do not read. Each holds a connection and some buffers, so that there may not
 * be any number of them; one VM alone has no more than it has connections. Thread-safe.
 */
final class StalledUploads {

    static final int MOST = 1024;

    private final int most;
    private final AtomicInteger count = new AtomicInteger();

    StalledUploads() {
        this(MOST);
    }

    StalledUploads(int most) {
        this.most = most;
    }

    /** @throws RequestException there are too many: of kind THROTTLED */
    void begin() {
        if (count.incrementAndGet() > most) {
            count.decrementAndGet();
            throw new RequestException(RequestException.Kind.THROTTLED,
                    most + " requests wait for agents that do not read their bodies; try again later");
        }
    }

    void end() {
        count.decrementAndGet();
    }

    int count() {
        return count.get();
    }
}
