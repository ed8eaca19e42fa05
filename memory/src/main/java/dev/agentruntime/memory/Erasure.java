package dev.agentruntime.memory;

import dev.agentruntime.store.Sql;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;

/**
 * Removes what has expired, what was in deleted memories, and what an actor had: in parts, so that no transaction takes long.
 * Thread-safe; blocks on the database.
 */
final class Erasure {

    /** Whoever began to write while a memory was there is done after this time. */
    static final Duration SETTLED = Duration.ofSeconds(15);
    /** An index that nobody has opened for so long is made anew. */
    static final Duration TOLD_FOR = Duration.ofDays(30);
    private static final Logger LOG = Logger.getLogger(Erasure.class.getName());
    private static final int AT_ONCE = 1_000;
    /** Of a deleted memory, in one round. */
    private static final int SESSIONS = 50;
    /** In one tick, so that a change of what else is to be done is not held up. */
    private static final int MOST_ROUNDS = 20;

    private final MemoryStore store;
    private final Clock clock;

    Erasure(MemoryStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    void tick() {
        for (int round = 0; round < MOST_ROUNDS && expired() >= AT_ONCE; round++) {
            continue;
        }
        store.run(transaction -> {
            new RecordTable(transaction).forgetGone(now().minus(TOLD_FOR));
            return transaction;
        });
        for (MemoryRow memory : store.run(transaction -> new MemoryTable(transaction).deleting())) {
            deleted(memory);
        }
    }

    private int expired() {
        Instant now = now();
        return store.run(transaction -> new EventTable(transaction, now).deleteExpired(AT_ONCE));
    }

    private void deleted(MemoryRow memory) {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            List<SessionKey> sessions = store.run(transaction -> new SessionTable(transaction).some(memory.id(), SESSIONS));
            if (sessions.isEmpty() && records(memory.id(), Optional.empty()) == 0) {
                remove(memory);
                return;
            }
            sessions.forEach(this::session);
        }
    }

    private void remove(MemoryRow memory) {
        if (memory.updatedAt().plus(SETTLED).isBefore(now())) {
            store.run(transaction -> {
                new MemoryTable(transaction).delete(memory.id());
                return memory;
            });
            MemoryMessage.DELETED.log(LOG, memory.id());
        }
    }

    /** What of an actor's was removed. */
    record Removed(int events, int records) {}

    /** Removes all that a memory has of an actor. */
    Removed actor(String memory, String actor) {
        int records = 0;
        for (int some = AT_ONCE; some == AT_ONCE; records += some) {
            some = records(memory, Optional.of(actor));
        }
        return new Removed(events(memory, actor), records);
    }

    private int records(String memory, Optional<String> actor) {
        Instant now = now();
        return store.run(transaction -> new RecordTable(transaction).deleteSome(memory, actor, AT_ONCE, now));
    }

    private int events(String memory, String actor) {
        int events = 0;
        while (true) {
            List<SessionTable.Listed> some = store.run(transaction -> new SessionTable(transaction)
                    .sessions(memory, actor, Optional.empty(), Optional.empty(), AT_ONCE));
            if (some.isEmpty()) {
                return events;
            }
            for (SessionTable.Listed one : some) {
                events += session(new SessionKey(memory, actor, one.session()));
            }
        }
    }

    /** Removes all that is in a session, and the session; returns how many events that were. */
    private int session(SessionKey session) {
        int events = 0;
        while (true) {
            int some = store.run(transaction -> {
                new SessionTable(transaction).lock(session); // whoever writes an event in it now is waited for, so that none is left without its session
                int deleted = new EventTable(transaction, now()).deleteOldest(session, AT_ONCE);
                if (deleted < AT_ONCE) {
                    new BranchTable(transaction).delete(session);
                    new SessionTable(transaction).delete(session);
                }
                return deleted;
            });
            events += some;
            if (some < AT_ONCE) {
                return events;
            }
        }
    }

    private Instant now() {
        return Sql.storable(clock.instant());
    }
}
