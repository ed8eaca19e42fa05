package dev.agentruntime.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Who waits until the ledger has a row as it stood at a mark, or later. Thread-safe; tells nobody while it is locked. */
final class Receipts {

    private record Waiter(long mark, CompletableFuture<Void> told) {}

    private final Map<String, List<Waiter>> byRow = new HashMap<>();

    /** Completes when a mark of the row from {@code mark} on has been written; fails with LedgerException when it never will be. */
    synchronized CompletableFuture<Void> of(String rowId, long mark) {
        Waiter waiter = new Waiter(mark, new CompletableFuture<>());
        byRow.computeIfAbsent(rowId, row -> new ArrayList<>()).add(waiter);
        return waiter.told();
    }

    /** The ledger has what the item is of, as it stood at its mark or later. */
    void written(Backlog.Item item) {
        tell(item.account().rowId(), item.mark(), told -> told.complete(null));
    }

    /** The ledger will never have it. */
    void refused(Backlog.Item item, LedgerException why) {
        tell(item.account().rowId(), item.mark(), told -> told.completeExceptionally(why));
    }

    /** Nobody will write the row any more. */
    void dropped(String rowId, LedgerException why) {
        tell(rowId, Long.MAX_VALUE, told -> told.completeExceptionally(why));
    }

    private void tell(String rowId, long upTo, Consumer<CompletableFuture<Void>> how) {
        taken(rowId, upTo).forEach(waiter -> how.accept(waiter.told()));
    }

    private synchronized List<Waiter> taken(String rowId, long upTo) {
        List<Waiter> all = byRow.getOrDefault(rowId, List.of());
        List<Waiter> due = all.stream().filter(waiter -> waiter.mark() <= upTo).toList();
        List<Waiter> left = all.stream().filter(waiter -> waiter.mark() > upTo).toList();
        if (left.isEmpty()) {
            byRow.remove(rowId);
        } else {
            byRow.put(rowId, new ArrayList<>(left));
        }
        return due;
    }

    /** Rows that somebody waits for. */
    synchronized int rows() {
        return byRow.size();
    }
}
