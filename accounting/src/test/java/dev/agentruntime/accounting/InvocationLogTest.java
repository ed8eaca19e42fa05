package dev.agentruntime.accounting;

import static dev.agentruntime.accounting.Invocations.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.store.Database;
import dev.agentruntime.store.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InvocationLogTest {

    private final TestDatabase database = TestDatabase.h2();
    private final AtomicBoolean away = new AtomicBoolean();
    private final AtomicInteger opened = new AtomicInteger();
    private final InvocationStore store = new InvocationStore(new Database(this::open));
    private Duration kept = Duration.ofDays(30);
    private final InvocationLog log = new InvocationLog(store, () -> kept, Clock.fixed(NOON, ZoneOffset.UTC));

    private Connection open() throws SQLException {
        opened.incrementAndGet();
        if (away.get()) {
            throw new SQLException("It is away.");
        }
        return database.open();
    }

    @AfterEach
    void close() throws Exception {
        database.close();
    }

    private List<InvocationRow> written() {
        LocalDate day = LocalDate.ofInstant(NOON, ZoneOffset.UTC);
        return store.read(new InvocationPage(Optional.empty(), Optional.empty(), Optional.empty(), day.minusDays(60), day, Optional.empty(), 100_000));
    }

    @Test
    void whatComesIsWrittenInItsOrder() {
        IntStream.range(0, 1200).forEach(i -> log.add(Invocations.of(i)));
        log.write();
        assertThat(written()).extracting(row -> row.use().cpuNanos()).hasSize(1200).isSorted();
        log.write();
        assertThat(written()).hasSize(1200);
    }

    @Test
    void whatCannotBeWrittenWaitsAndIsWrittenOnce() {
        log.add(Invocations.of(1));
        away.set(true);
        log.write();
        log.add(Invocations.of(2));
        away.set(false);
        log.write();
        assertThat(written()).hasSize(2);
    }

    @Test
    void whileTheDatabaseIsAwayNoMoreWaitThanFit() {
        away.set(true);
        IntStream.range(0, InvocationLog.MOST_WAITING + 50).forEach(i -> log.add(Invocations.of(i)));
        log.write();
        away.set(false);
        log.write();
        assertThat(written()).hasSize(InvocationLog.MOST_WAITING);
    }

    @Test
    void whatIsOlderThanItIsKeptGoes() {
        log.add(Invocations.of("s-1", TestRequest.ALICE, NOON.minus(Duration.ofDays(31)), 1));
        log.add(Invocations.of("s-1", TestRequest.ALICE, NOON.minus(Duration.ofDays(29)), 2));
        log.write();
        assertThat(written()).extracting(row -> row.use().cpuNanos()).containsExactly(2L);
    }

    @Test
    void whereNothingIsKeptTheDatabaseIsLeftAlone() {
        kept = Duration.ZERO;
        log.write();
        assertThat(opened).hasValue(0);
    }
}
