package dev.agentruntime.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.OutboundConnection.Outcome;
import dev.agentruntime.spi.SessionFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RefusalLogTest {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final RefusalLog log = new RefusalLog(nanos::get, Runnable::run);
    private final Logger logger = Logger.getLogger(RefusalLog.class.getName());
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
    }

    @AfterEach
    void leave() {
        logger.removeHandler(handler);
    }

    private void add(String target, Outcome outcome, String reason) {
        log.add(new ConnectionRecord(EgressTestBase.SESSION, Instant.EPOCH, "proxy", target, 0, 0, outcome, Duration.ZERO, reason));
    }

    @Test
    void aRefusalNamesSessionTargetAndWhatToWrite() {
        add("api.example:443", Outcome.DENIED, "Allow it by <allow host=\"api.example\" ports=\"443\"/>.");
        assertThat(lines).singleElement().asString().startsWith("AGRT4010W").contains("hello", "session-1", "proxy to api.example:443", "<allow host=");
    }

    @Test
    void whatGoesWellIsNotTold() {
        add("api.example:443", Outcome.OK, "");
        add("api.example:443", Outcome.ABORTED, "left");
        assertThat(lines).isEmpty();
    }

    @Test
    void theSameRefusalIsToldOnceAMinuteHoweverOftenItComes() {
        for (int i = 0; i < 1_000; i++) {
            add("api.example:443", Outcome.DENIED, "no");
        }
        add("other.example:443", Outcome.DENIED, "no");
        assertThat(lines).hasSize(2);
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        add("api.example:443", Outcome.DENIED, "no");
        assertThat(lines).hasSize(3);
    }

    @Test
    void anAgentThatTriesEverySiteThereIsFillsNoLogAndHidesNoOthers() {
        for (int i = 0; i < 5_000; i++) {
            add("host" + i + ".example:443", Outcome.DENIED, "no");
        }
        assertThat(lines).hasSize(RefusalLog.MOST_OF_ONE + 1);
        assertThat(lines.get(RefusalLog.MOST_OF_ONE)).startsWith("AGRT4013W").contains("hello");
        log.add(new ConnectionRecord(new SessionFacts("session-2", "other", "0123456789ab", EgressTestBase.SESSION.owner(), EgressTestBase.SESSION.tenant(), Instant.EPOCH),
                Instant.EPOCH, "proxy", "api.example:443", 0, 0, Outcome.DENIED, Duration.ZERO, "no"));
        assertThat(lines.get(lines.size() - 1)).startsWith("AGRT4010W").contains("other");
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        add("host1.example:443", Outcome.DENIED, "no");
        assertThat(lines.get(lines.size() - 1)).startsWith("AGRT4010W").contains("host1.example");
    }

    @Test
    void agentsThatAreGoneAreForgotten() {
        for (int minute = 0; minute < 3; minute++) {
            for (int agent = 0; agent < 1_000; agent++) {
                log.add(new ConnectionRecord(new SessionFacts("session-1", "agent-" + minute + "-" + agent, "0123456789ab",
                        EgressTestBase.SESSION.owner(), EgressTestBase.SESSION.tenant(), Instant.EPOCH), Instant.EPOCH, "proxy", "host", 0, 0, Outcome.DENIED,
                        Duration.ZERO, "no"));
            }
            nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        }
        assertThat(log.agents()).isEqualTo(1_000);
    }

    @Test
    void limitsAndFailuresHaveMessagesOfTheirOwn() {
        add("", Outcome.LIMITED, "maxConnectionsPerSession");
        add("api.example:443", Outcome.TIMED_OUT, "late");
        assertThat(lines.get(0)).startsWith("AGRT4011W");
        assertThat(lines.get(1)).startsWith("AGRT4012W");
    }

    @Test
    void whatAGuestWroteBreaksNoLine() {
        add("a\r\nAGRT0001I: forged", Outcome.DENIED, "x\u001b[2J");
        assertThat(lines.get(0)).doesNotContain("\n", "\r", "\u001b");
    }

    @Test
    void whoeverIsRefusedDoesNotWaitForTheLog() {
        List<Runnable> waiting = new CopyOnWriteArrayList<>();
        RefusalLog slow = new RefusalLog(nanos::get, waiting::add);
        for (int i = 0; i < 5_000; i++) {
            slow.add(new ConnectionRecord(EgressTestBase.SESSION, Instant.EPOCH, "proxy", "host" + i, 0, 0, Outcome.DENIED, Duration.ZERO, "no"));
        }
        assertThat(lines).isEmpty();
        waiting.forEach(Runnable::run);
        assertThat(lines).hasSize(RefusalLog.MOST_OF_ONE + 1);
    }

    @Test
    void whatIsRefusedWhileTheServerStopsIsToldToo() {
        RefusalLog closed = new RefusalLog(nanos::get, line -> {
            throw new RejectedExecutionException("closed");
        });
        closed.add(new ConnectionRecord(EgressTestBase.SESSION, Instant.EPOCH, "proxy", "host", 0, 0, Outcome.DENIED, Duration.ZERO, "no"));
        assertThat(lines).hasSize(1);
    }
}
