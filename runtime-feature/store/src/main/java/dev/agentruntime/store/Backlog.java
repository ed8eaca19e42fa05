package dev.agentruntime.store;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the ledger does not have yet: accounts that have changed, and of ended sessions no more than their records, of
 * which so many are kept at most. The oldest mark comes first. Thread-safe; calls no account while it is locked.
 */
final class Backlog {

    /** One account with its latest mark. */
    record Item(long mark, Account account) {}

    private record Ended(String rowId, SessionRecord record) implements Account {}

    private final int mostEnded;
    private final Map<String, Item> live = new LinkedHashMap<>();
    private final Map<String, Item> ended = new LinkedHashMap<>();
    private long marks;

    Backlog(int mostEnded) {
        this.mostEnded = mostEnded;
    }

    /** Returns the record that had to make room for another, for good. */
    Optional<SessionRecord> mark(Account account) {
        SessionRecord record = account.record();
        return record.closedAt().isPresent() ? end(record) : changed(account);
    }

    private synchronized Optional<SessionRecord> changed(Account account) {
        if (!ended.containsKey(account.rowId())) {
            live.remove(account.rowId());
            live.put(account.rowId(), new Item(++marks, account));
        }
        return Optional.empty();
    }

    private synchronized Optional<SessionRecord> end(SessionRecord record) {
        live.remove(record.rowId());
        ended.remove(record.rowId());
        ended.put(record.rowId(), new Item(++marks, new Ended(record.rowId(), record)));
        if (ended.size() <= mostEnded) {
            return Optional.empty();
        }
        Iterator<Item> oldest = ended.values().iterator();
        SessionRecord dropped = oldest.next().account().record();
        oldest.remove();
        return Optional.of(dropped);
    }

    /** Keeps no more than the records of those that have ended since they were marked; returns which made room for them. */
    List<SessionRecord> settle() {
        List<Item> marked;
        synchronized (this) {
            marked = List.copyOf(live.values());
        }
        List<SessionRecord> dropped = new ArrayList<>();
        for (Item item : marked) {
            SessionRecord record = item.account().record();
            if (record.closedAt().isPresent()) {
                end(record).ifPresent(dropped::add);
            }
        }
        return dropped;
    }

    synchronized long latestMark() {
        return marks;
    }

    synchronized boolean isEmpty() {
        return live.isEmpty() && ended.isEmpty();
    }

    /** Some of those marked until {@code upTo}, those that have ended first. */
    synchronized List<Item> next(long upTo, int most) {
        return Stream.concat(ended.values().stream(), live.values().stream())
                .filter(item -> item.mark() <= upTo).limit(most).toList();
    }

    synchronized List<Account> all() {
        return Stream.concat(ended.values().stream(), live.values().stream()).map(Item::account).toList();
    }

    /** Done with; one that was marked anew meanwhile stays. */
    synchronized void remove(Item item) {
        live.remove(item.account().rowId(), item);
        ended.remove(item.account().rowId(), item);
    }

    /** Marks it anew, after all others. */
    synchronized void postpone(Item item) {
        Map<String, Item> place = live.containsKey(item.account().rowId()) ? live : ended;
        if (place.remove(item.account().rowId(), item)) {
            place.put(item.account().rowId(), new Item(++marks, item.account()));
        }
    }
}
