package dev.agentruntime.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Usage;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.Reclaimed;
import dev.agentruntime.store.Kept;
import dev.agentruntime.store.SessionRecord;
import dev.agentruntime.store.fake.MemoryLedger;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class RecoveryTest {

    private static final Subject ALICE = new Subject("https://idp", "alice");
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final MemoryLedger ledger = new MemoryLedger();
    private final Recovery recovery = new Recovery(ledger, new Listeners(), new Times(Clock.systemUTC(), SteadyClock.from(Clock.systemUTC())), "server1");

    private static SessionRecord served(String row) {
        Usage usage = new Usage(1, BigDecimal.ZERO, 1, 1, MeterSource.CGROUP);
        return new SessionRecord(row, "server1", new SessionView("id-of-" + row, "hello", "digest", SessionView.Status.IDLE, ALICE, NOON, NOON,
                Optional.empty(), Optional.empty(), Optional.of("vm-of-" + row), Optional.empty(), usage), Optional.of(0L), Optional.empty(), Optional.empty(),
                NOON, Optional.of(new Kept(ALICE.alone(), new Kept.Agent("/invocations", false, Set.of(), Optional.empty(), Optional.empty()),
                        Optional.empty(), NOON, 1, 0, Optional.empty())));
    }

    private static Reclaimed destroyed(String row) {
        return new Reclaimed(Map.of("vm-of-" + row, new MeterReading(5, 0, 0, MeterSource.CGROUP)), Map.of());
    }

    private List<String> candidates() {
        return recovery.candidates().stream().map(SessionRecord::rowId).toList();
    }

    private boolean isClosed(String row) {
        return ledger.rows().stream().anyMatch(one -> one.rowId().equals(row) && one.closedAt().isPresent());
    }

    @Test
    void aDatabaseThatHangsWhileRecordsAreClosedHoldsUpNobodyWhoAsksAboutSessionsAndVms() {
        ledger.save(List.of(served("row-1"), served("row-2")));
        recovery.list();
        recovery.reclaimed(destroyed("row-1"), Set.of("vm-of-row-2"));
        ledger.hang();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(recovery::close);
        await().during(Duration.ofMillis(100)).until(() -> !closing.isDone());
        assertThat(candidates()).containsExactly("row-1", "row-2");
        recovery.ends(served("row-2"), EndReason.diedMeanwhile());
        recovery.reclaimed(destroyed("row-2"), Set.of());
        assertThat(closing).isNotDone();
        ledger.work();
        closing.join();
        assertThat(isClosed("row-1")).isTrue();
        assertThat(isClosed("row-2")).as("known only meanwhile").isFalse();
        recovery.close();
        assertThat(isClosed("row-2")).isTrue();
        assertThat(ledger.rows()).filteredOn(one -> one.rowId().equals("row-2")).singleElement().satisfies(record -> {
            assertThat(record.view().usage().cpuNanos()).as("its last reading is not lost").isEqualTo(5);
            assertThat(record.reasonCode()).hasValue("VM_DIED");
        });
        assertThat(candidates()).isEmpty();
    }
}
