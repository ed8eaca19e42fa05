package dev.agentruntime.store;

import dev.agentruntime.store.LedgerException.Why;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * Writes what is marked, in batches. Where a batch fails but the ledger works, its records are written one by one: what is
 * refused is set aside, and what is stuck, behind a lock for example, waits for the next time. For one thread at a time.
 */
final class LedgerWriter {

    private static final int BATCH = 200;
    /** Each costs a time limit. */
    private static final int MOST_STUCK = 3;
    private static final int MOST_REFUSED = 10_000;

    private final Ledger ledger;
    private final Backlog backlog;
    private final Receipts receipts;
    private final BiConsumer<SessionRecord, String> setAside;
    /** Rows that were refused: tried alone when they change, so that they stop nobody else's. */
    private final Set<String> refused = new LinkedHashSet<>();

    /** @param setAside told of a record that is refused, and why: once, and once more when its last figures are, too */
    LedgerWriter(Ledger ledger, Backlog backlog, Receipts receipts, BiConsumer<SessionRecord, String> setAside) {
        this.ledger = ledger;
        this.backlog = backlog;
        this.receipts = receipts;
        this.setAside = setAside;
    }

    /**
     * Returns how many records were written; what was marked before is then written or set aside. Blocks.
     *
     * @throws LedgerException the ledger cannot be used
     */
    int write() {
        int written = 0;
        long upTo = backlog.latestMark();
        List<Backlog.Item> batch;
        while (!(batch = backlog.next(upTo, BATCH)).isEmpty()) {
            Map<Boolean, List<Backlog.Item>> wasRefused = batch.stream()
                    .collect(Collectors.partitioningBy(item -> refused.contains(item.account().rowId())));
            written += write(wasRefused.get(false)) + oneByOne(wasRefused.get(true));
        }
        return written;
    }

    private int write(List<Backlog.Item> batch) {
        if (batch.isEmpty()) {
            return 0;
        }
        try {
            ledger.save(batch.stream().map(item -> item.account().record()).toList());
        } catch (LedgerException e) {
            ledger.probe();
            return oneByOne(batch);
        }
        batch.forEach(this::written);
        return batch.size();
    }

    private int oneByOne(List<Backlog.Item> items) {
        int written = 0;
        int stuck = 0;
        for (Backlog.Item item : items) {
            SessionRecord record = item.account().record();
            try {
                ledger.save(List.of(record));
                refused.remove(record.rowId());
                written(item);
                written++;
            } catch (LedgerException e) {
                if (e.why() == Why.REFUSED) {
                    backlog.remove(item);
                    receipts.refused(item, e);
                    refuse(record, e.getMessage());
                } else {
                    backlog.postpone(item);
                    if (++stuck == MOST_STUCK) {
                        throw e;
                    }
                }
            }
        }
        return written;
    }

    private void written(Backlog.Item item) {
        backlog.remove(item);
        receipts.written(item);
    }

    private void refuse(SessionRecord record, String why) {
        if (refused.add(record.rowId()) || record.closedAt().isPresent()) {
            setAside.accept(record, why);
        }
        if (refused.size() > MOST_REFUSED) {
            refused.remove(refused.iterator().next());
        }
    }
}
