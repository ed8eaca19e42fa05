package dev.agentruntime.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.spi.fake.ManualClock;
import dev.agentruntime.store.LedgerException.Why;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LedgerLinkTest {

    private static final LedgerException NOT_BOUND =
            new LedgerException(Why.NOT_BOUND, "It could not be written: There is no data source jdbc/agents.", new Exception());
    private static final LedgerException AWAY =
            new LedgerException(Why.AWAY, "It could not be written: Connection refused.", new Exception());

    private final LogTail log = new LogTail();
    private final ManualClock clock = new ManualClock(Records.NOON);
    private final AtomicInteger failures = new AtomicInteger();
    private final LedgerLink link = new LedgerLink(clock, failures::incrementAndGet);

    @AfterEach
    void end() {
        log.close();
    }

    @Test
    void aDataSourceThatIsBoundLaterIsNoOutage() {
        for (int i = 0; i < 19; i++) {
            link.didNotWork(NOT_BOUND);
            link.failed(NOT_BOUND);
            clock.advance(Duration.ofSeconds(3));
            assertThat(link.isDue(clock.instant())).as("tried again every three seconds").isTrue();
        }
        assertThat(link.isUp()).isTrue();
        link.worked(1);
        assertThat(log.of(StoreMessage.LEDGER_DOWN)).isEmpty();
        assertThat(log.of(StoreMessage.LEDGER_UP)).isEmpty();
        assertThat(failures).hasValue(0);
    }

    @Test
    void aDataSourceThatIsNotBoundForAMinuteIsTold() {
        for (int i = 0; i < 30; i++) {
            link.didNotWork(NOT_BOUND);
            clock.advance(Duration.ofSeconds(3));
        }
        assertThat(link.isUp()).isFalse();
        assertThat(log.of(StoreMessage.LEDGER_DOWN)).singleElement().asString().contains("jdbc/agents");
        assertThat(failures).hasPositiveValue();
        link.worked(1);
        assertThat(log.of(StoreMessage.LEDGER_UP)).hasSize(1);
    }

    @Test
    void aDatabaseThatIsAwayIsToldAtOnce() {
        link.didNotWork(NOT_BOUND);
        link.didNotWork(AWAY);
        assertThat(log.of(StoreMessage.LEDGER_DOWN)).singleElement().asString().contains("Connection refused.");
    }

    @Test
    void aDataSourceThatIsReplacedIsWaitedForAgain() {
        link.worked(1);
        clock.advance(Duration.ofHours(1));
        link.didNotWork(NOT_BOUND);
        clock.advance(Duration.ofSeconds(3));
        link.worked(1);
        assertThat(log.of(StoreMessage.LEDGER_DOWN)).isEmpty();
    }
}
