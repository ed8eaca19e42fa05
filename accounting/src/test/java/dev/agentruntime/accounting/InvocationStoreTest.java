package dev.agentruntime.accounting;

import static dev.agentruntime.accounting.Invocations.NOON;
import static dev.agentruntime.accounting.TestRequest.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.accounting.InvocationPage.Mark;
import dev.agentruntime.api.Subject;
import dev.agentruntime.store.Database;
import dev.agentruntime.store.LedgerException;
import dev.agentruntime.store.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.api.Test;

class InvocationStoreTest {

    private static final LocalDate DAY = LocalDate.parse("2026-03-31");
    private static final Subject BOB = new Subject("https://idp", "bob");

    private static InvocationPage page(int most, Optional<Mark> after) {
        return new InvocationPage(Optional.empty(), Optional.empty(), Optional.empty(), DAY, DAY, after, most);
    }

    private static InvocationPage of(Optional<String> runtime, Optional<String> session, Optional<Subject> subject) {
        return new InvocationPage(runtime, session, subject, DAY, DAY, Optional.empty(), 10);
    }

    private static InvocationStore store(TestDatabase database) {
        return new InvocationStore(new Database(database));
    }

    @ParameterizedTest
    @MethodSource("dev.agentruntime.store.TestDatabase#all")
    void whatIsWrittenIsReadAsItWas(TestDatabase database) {
        InvocationStore store = store(database);
        InvocationRow row = Invocations.of(7);
        store.save(List.of(row));
        assertThat(store.read(page(10, Optional.empty()))).usingRecursiveComparison()
                .withComparatorForType(java.math.BigDecimal::compareTo, java.math.BigDecimal.class).isEqualTo(List.of(row));
    }

    @ParameterizedTest
    @MethodSource("dev.agentruntime.store.TestDatabase#all")
    void whatIsWrittenAgainIsThereOnce(TestDatabase database) {
        InvocationStore store = store(database);
        List<InvocationRow> rows = List.of(Invocations.of(1), Invocations.of(2));
        store.save(rows);
        store.save(rows);
        assertThat(store.read(page(10, Optional.empty()))).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("dev.agentruntime.store.TestDatabase#all")
    void pagesFollowEachOtherWithoutAGapOrARowTwice(TestDatabase database) {
        InvocationStore store = store(database);
        // Some began at the same moment.
        List<InvocationRow> rows = IntStream.range(0, 25).mapToObj(i -> Invocations.of("s-1", ALICE, NOON.plusMillis(i / 4), i)).toList();
        store.save(rows);
        List<InvocationRow> read = new ArrayList<>();
        Optional<Mark> after = Optional.empty();
        for (int pages = 0; pages < 3; pages++) {
            InvocationTable table = new InvocationTable(page(10, after), store.read(page(10, after)), Optional.empty());
            read.addAll(table.found().subList(0, Math.min(10, table.found().size())));
            after = table.next().flatMap(Mark::of);
            assertThat(after.isPresent()).isEqualTo(pages < 2);
        }
        assertThat(read).extracting(row -> row.use().requestId()).doesNotHaveDuplicates().hasSize(25);
        assertThat(read).extracting(row -> row.use().began()).isSorted();
    }

    @ParameterizedTest
    @MethodSource("dev.agentruntime.store.TestDatabase#all")
    void oneAgentsOneSessionsAndOneCallersAreTold(TestDatabase database) {
        InvocationStore store = store(database);
        store.save(List.of(Invocations.of("s-1", ALICE, NOON, 1), Invocations.of("s-2", ALICE, NOON, 2), Invocations.of("s-3", BOB, NOON, 3)));
        assertThat(cpu(store.read(of(Optional.of("hello"), Optional.empty(), Optional.of(ALICE))))).containsExactlyInAnyOrder(1L, 2L);
        assertThat(cpu(store.read(of(Optional.empty(), Optional.of("s-3"), Optional.empty())))).containsExactly(3L);
        assertThat(store.read(of(Optional.of("other"), Optional.empty(), Optional.empty()))).isEmpty();
        assertThat(store.read(of(Optional.of("a\0b"), Optional.of("' OR 1 = 1"), Optional.of(new Subject("'", "\0"))))).isEmpty();
    }

    private static List<Long> cpu(List<InvocationRow> rows) {
        return rows.stream().map(row -> row.use().cpuNanos()).toList();
    }

    @ParameterizedTest
    @MethodSource("dev.agentruntime.store.TestDatabase#all")
    void aDayIsUtcsFromMidnightToMidnight(TestDatabase database) {
        InvocationStore store = store(database);
        store.save(List.of(Invocations.of("s-1", ALICE, DAY.atStartOfDay().toInstant(java.time.ZoneOffset.UTC).minusMillis(1), 1),
                Invocations.of("s-1", ALICE, DAY.atStartOfDay().toInstant(java.time.ZoneOffset.UTC), 2),
                Invocations.of("s-1", ALICE, DAY.plusDays(1).atStartOfDay().toInstant(java.time.ZoneOffset.UTC), 3)));
        assertThat(cpu(store.read(page(10, Optional.empty())))).containsExactly(2L);
    }

    @ParameterizedTest
    @MethodSource("dev.agentruntime.store.TestDatabase#all")
    void whatIsOldGoesAndOfTheRestAllButTheYoungest(TestDatabase database) {
        InvocationStore store = new InvocationStore(new Database(database), 3);
        store.save(IntStream.range(0, 10).mapToObj(Invocations::of).toList());
        store.remove(NOON.minus(Duration.ofDays(1)));
        assertThat(cpu(store.read(page(100, Optional.empty())))).containsExactly(7L, 8L, 9L);
        store.remove(NOON.plusMillis(9));
        assertThat(cpu(store.read(page(100, Optional.empty())))).containsExactly(9L);
        store.remove(NOON.plusMillis(10));
        assertThat(store.read(page(100, Optional.empty()))).isEmpty();
    }

    @Test
    void aDatabaseThatIsAwayIsSaidToBe() {
        InvocationStore store = new InvocationStore(new Database(() -> {
            throw new SQLException("Connection refused.");
        }));
        assertThatThrownBy(() -> store.save(List.of(Invocations.of(1)))).isInstanceOf(LedgerException.class).hasMessageContaining("written: Connection refused.");
        assertThatThrownBy(() -> store.read(page(1, Optional.empty()))).isInstanceOf(LedgerException.class).hasMessageContaining("read: Connection refused.");
    }

    @ParameterizedTest
    @MethodSource("dev.agentruntime.store.TestDatabase#all")
    void namesThatNoDatabaseTakesCostNothingButTheName(TestDatabase database) {
        InvocationStore store = store(database);
        store.save(List.of(Invocations.of("s-1", new Subject("a\0b", "x".repeat(10_000)), NOON, 1)));
        assertThat(store.read(page(1, Optional.empty()))).singleElement().satisfies(row -> assertThat(row.owner().name()).hasSize(8192));
    }
}
