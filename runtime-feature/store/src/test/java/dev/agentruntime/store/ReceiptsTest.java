package dev.agentruntime.store;

import static dev.agentruntime.store.Records.ALICE;
import static dev.agentruntime.store.Records.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class ReceiptsTest {

    private record Row(String rowId) implements Account {

        @Override
        public SessionRecord record() {
            return Records.begun(rowId, "id-" + rowId, ALICE, NOON);
        }
    }

    private final Receipts receipts = new Receipts();

    private static Backlog.Item item(String row, long mark) {
        return new Backlog.Item(mark, new Row(row));
    }

    @Test
    void whoeverWaitsForAMarkHearsOfTheFirstWriteThatHasIt() {
        CompletableFuture<Void> second = receipts.of("a", 2);
        receipts.written(item("a", 1));
        assertThat(second).isNotDone();
        receipts.written(item("a", 3));
        assertThat(second).isCompleted();
        assertThat(receipts.rows()).isZero();
    }

    @Test
    void aWriteOfAnotherRowSaysNothing() {
        CompletableFuture<Void> waiting = receipts.of("a", 1);
        receipts.written(item("b", 5));
        assertThat(waiting).isNotDone();
    }

    @Test
    void allWhoWaitForARowAreToldEachForTheirMark() {
        CompletableFuture<Void> first = receipts.of("a", 1);
        CompletableFuture<Void> also = receipts.of("a", 1);
        CompletableFuture<Void> later = receipts.of("a", 4);
        receipts.written(item("a", 1));
        assertThat(first).isCompleted();
        assertThat(also).isCompleted();
        assertThat(later).isNotDone();
        assertThat(receipts.rows()).isEqualTo(1);
    }

    @Test
    void whatIsRefusedFailsAndWhatIsMarkedSinceMayPassYet() {
        LedgerException why = new LedgerException(LedgerException.Why.REFUSED, "no");
        CompletableFuture<Void> refused = receipts.of("a", 1);
        CompletableFuture<Void> later = receipts.of("a", 2);
        receipts.refused(item("a", 1), why);
        assertThat(refused).isCompletedExceptionally();
        assertThat(later).isNotDone();
    }

    @Test
    void whatIsDroppedFailsForEverybody() {
        CompletableFuture<Void> later = receipts.of("a", 9);
        receipts.dropped("a", new LedgerException(LedgerException.Why.AWAY, "full"));
        assertThat(later).isCompletedExceptionally();
        assertThat(receipts.rows()).isZero();
    }

    @Test
    void whoeverIsToldMayAskAgain() {
        CompletableFuture<CompletableFuture<Void>> again = receipts.of("a", 1).thenApply(told -> receipts.of("a", 2));
        receipts.written(item("a", 1));
        assertThat(again.join()).isNotDone();
        receipts.written(item("a", 2));
        assertThat(again.join()).isCompleted();
    }
}
