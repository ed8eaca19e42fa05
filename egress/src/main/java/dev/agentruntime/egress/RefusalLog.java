package dev.agentruntime.egress;

import dev.agentruntime.api.OutboundConnection.Outcome;
import dev.agentruntime.net.Texts;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.logging.Logger;

/** Tells the log of connections that failed: the same once in a while, and of one agent so many, however a guest tries. Thread-safe. */
final class RefusalLog implements Records {

    private static final Logger LOG = Logger.getLogger(RefusalLog.class.getName());
    private static final long PAUSE = Duration.ofMinutes(1).toNanos();
    private static final int MOST = 1_000;
    static final int MOST_OF_ONE = 20;

    private record Said(String runtime, String way, String target, Outcome outcome) {}

    /** What was told of one agent since {@code began}. */
    private static final class Minute {
        private final long began;
        private int told;

        Minute(long began) {
            this.began = began;
        }
    }

    private final LongSupplier nanoTime;
    private final Executor writer;
    private final Map<Said, Long> newest = new LinkedHashMap<>();
    private final Map<String, Minute> minutes = new HashMap<>();

    /** @param writer waits for the log, so that nobody else does */
    RefusalLog(LongSupplier nanoTime, Executor writer) {
        this.nanoTime = nanoTime;
        this.writer = writer;
    }

    @Override
    public void add(ConnectionRecord connection) {
        if (connection.outcome() == Outcome.OK || connection.outcome() == Outcome.ABORTED || !isNew(connection)) {
            return;
        }
        int told = told(connection.session().runtime());
        if (told == MOST_OF_ONE) {
            write(() -> EgressMessage.MORE.log(LOG, connection.session().runtime(), MOST_OF_ONE));
        } else if (told < MOST_OF_ONE) {
            EgressMessage message = switch (connection.outcome()) {
                case DENIED, MALFORMED -> EgressMessage.REFUSED;
                case LIMITED -> EgressMessage.LIMITED;
                default -> EgressMessage.FAILED;
            };
            write(() -> message.log(LOG, connection.session().runtime(), connection.session().sessionId(),
                    Texts.shown(connection.target().isEmpty() ? connection.way() : connection.way() + " to " + connection.target()),
                    Texts.shown(connection.reason())));
        }
    }

    private void write(Runnable line) {
        try {
            writer.execute(line);
        } catch (RejectedExecutionException closed) {
            line.run();
        }
    }

    /** Of how many agents it remembers what was told. */
    synchronized int agents() {
        return minutes.size();
    }

    /** How many messages the agent has had this minute. */
    private synchronized int told(String runtime) {
        long now = nanoTime.getAsLong();
        if (minutes.size() >= MOST) {
            minutes.values().removeIf(minute -> now - minute.began >= PAUSE);
        }
        Minute minute = minutes.compute(runtime, (agent, before) -> before == null || now - before.began >= PAUSE ? new Minute(now) : before);
        return minute.told++;
    }

    private synchronized boolean isNew(ConnectionRecord connection) {
        long now = nanoTime.getAsLong();
        Said said = new Said(connection.session().runtime(), connection.way(),
                connection.outcome() == Outcome.LIMITED ? "" : connection.target(), connection.outcome());
        Long before = newest.get(said);
        if (before != null && now - before < PAUSE) {
            return false;
        }
        newest.remove(said);
        if (newest.size() >= MOST) {
            newest.remove(newest.keySet().iterator().next());
        }
        newest.put(said, now);
        return true;
    }
}
