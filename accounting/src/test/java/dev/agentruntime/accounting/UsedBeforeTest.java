package dev.agentruntime.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.store.LedgerException;
import dev.agentruntime.store.UsageQuery;
import dev.agentruntime.store.UsageQuery.By;
import dev.agentruntime.store.UsageQuery.Servers;
import dev.agentruntime.store.UsageQuery.Servers.Which;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class UsedBeforeTest {

    private static final LocalDate DAY = LocalDate.parse("2026-01-01");

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T12:00:00Z"));
    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now.get();
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };
    private static final Servers OTHERS = new Servers("server1", Which.OTHERS);

    private Optional<Servers> servers = Optional.of(OTHERS);
    private final List<Runnable> work = new ArrayList<>();
    private final List<UsageQuery> asked = new ArrayList<>();

    private void run() {
        List<Runnable> all = List.copyOf(work);
        work.clear();
        all.forEach(Runnable::run);
    }

    @Test
    void whatIsAskedForComesOnceItIsKnown() {
        UsedBefore used = new UsedBefore(query -> {
            asked.add(query);
            return List.of();
        }, () -> servers, work::add, clock);
        assertThat(used.on(DAY)).isEmpty();
        assertThat(used.on(DAY)).as("it is being found out").isEmpty();
        assertThat(work).hasSize(1);
        run();
        assertThat(used.on(DAY)).contains(List.of());
        // One row an agent and one a caller: of each pair of both there may be many more.
        assertThat(asked).extracting(UsageQuery::by).containsExactly(Set.of(By.AGENT), Set.of(By.SUBJECT));
        assertThat(asked).allSatisfy(query -> {
            assertThat(query.from()).isEqualTo(DAY);
            assertThat(query.to()).isEqualTo(DAY);
            assertThat(query.on()).contains(OTHERS);
        });
        assertThat(used.on(DAY)).as("another who asks has it found out anew").isEmpty();
        assertThat(work).hasSize(1);
    }

    @Test
    void nothingIsAskedBeforeItIsKnownWhichServerThisIs() {
        servers = Optional.empty();
        UsedBefore used = new UsedBefore(query -> List.of(), () -> servers, work::add, clock);
        assertThat(used.on(DAY)).isEmpty();
        assertThat(work).isEmpty();
        servers = Optional.of(OTHERS);
        used.on(DAY);
        run();
        assertThat(used.on(DAY)).isPresent();
    }

    @Test
    void aLedgerThatIsAwayIsAskedAgainTenSecondsLater() {
        isAskedAgainTenSecondsLater(new LedgerException(LedgerException.Why.AWAY, "It is away.", new IllegalStateException()));
    }

    @Test
    void aDataSourceThatAServerBindsWhileItStartsIsWaitedForInSilence() {
        UsedBefore used = failing(new LedgerException(LedgerException.Why.NOT_BOUND, "It is not bound.", new IllegalStateException()));
        for (int second = 0; second < 30; second++) {
            used.on(DAY);
            run();
            now.set(now.get().plus(Duration.ofSeconds(1)));
        }
        assertThat(asked).hasSize(30);
        now.set(now.get().plus(Duration.ofMinutes(1)));
        used.on(DAY);
        run();
        now.set(now.get().plus(Duration.ofSeconds(1)));
        used.on(DAY);
        run();
        assertThat(asked).as("then less often").hasSize(31);
    }

    @Test
    void whatWasFoundOutLongAgoIsFoundOutAnew() {
        UsedBefore used = new UsedBefore(query -> List.of(), () -> servers, work::add, clock);
        used.on(DAY);
        run();
        now.set(now.get().plus(Duration.ofMinutes(5)));
        assertThat(used.on(DAY)).as("what was used in those five minutes is not in it").isEmpty();
        run();
        assertThat(used.on(DAY)).isPresent();
    }

    @Test
    void whatNobodyForesawIsTriedAgainTenSecondsLater() {
        isAskedAgainTenSecondsLater(new IllegalStateException("a fault"));
    }

    @Test
    void whatWasUsedOnAnotherDayIsNotTakenForThisOnes() {
        UsedBefore used = new UsedBefore(query -> List.of(), () -> servers, work::add, clock);
        used.on(DAY);
        run();
        assertThat(used.on(DAY.plusDays(1))).isEmpty();
    }

    private UsedBefore failing(RuntimeException failure) {
        return new UsedBefore(query -> {
            asked.add(query);
            throw failure;
        }, () -> servers, work::add, clock);
    }

    private void isAskedAgainTenSecondsLater(RuntimeException failure) {
        UsedBefore used = failing(failure);
        used.on(DAY);
        run();
        used.on(DAY);
        assertThat(work).isEmpty();
        now.set(now.get().plus(Duration.ofSeconds(10)));
        used.on(DAY);
        run();
        assertThat(asked).hasSize(2);
    }
}
