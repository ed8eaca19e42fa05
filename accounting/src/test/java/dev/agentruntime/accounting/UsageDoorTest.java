package dev.agentruntime.accounting;

import static dev.agentruntime.accounting.TestRequest.ADMIN;
import static dev.agentruntime.accounting.TestRequest.ALICE;
import static dev.agentruntime.accounting.TestRequest.INVOKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.RoomOperations.Answer;
import dev.agentruntime.api.RoomOperations.Request;
import dev.agentruntime.store.LedgerException;
import dev.agentruntime.store.UsageQuery;
import dev.agentruntime.store.UsageReports;
import dev.agentruntime.store.UsageSum;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class UsageDoorTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-31T23:59:59Z"), ZoneOffset.UTC);
    private static final UsageSum SUM = new UsageSum(Optional.empty(), Optional.of("hello"), Optional.empty(), Optional.empty(), 1, 1, 1, 0,
            BigDecimal.ZERO, 0, 1, Duration.ZERO);

    private final List<UsageQuery> asked = new ArrayList<>();

    private Answer ask(Request request) {
        return ask(request, query -> {
            asked.add(query);
            return List.of(SUM);
        });
    }

    private static Answer ask(Request request, Function<UsageQuery, List<UsageSum>> ledger) {
        return new UsageDoor(ledger, page -> List.of(), Optional::empty, CLOCK).operations().get(0).handler().serve(request);
    }

    @Test
    void usageIsToldAsJsonOrCsv() {
        Answer json = ask(TestRequest.of(ADMIN, ""));
        assertThat(json.type()).isEqualTo("application/json");
        assertThat(json.body()).contains("\"agent\":\"hello\"", "\"to\":\"2026-03-31\"");
        Answer csv = ask(TestRequest.of(ADMIN, "format=csv"));
        assertThat(csv.type()).startsWith("text/csv");
        assertThat(csv.headers()).containsKey("Content-Disposition");
        assertThat(csv.body()).startsWith("day,agent,");
    }

    @Test
    void theLedgerIsAskedForWhatTheCallerMaySee() {
        ask(TestRequest.of(INVOKER, "by=day"));
        assertThat(asked).singleElement().satisfies(query -> assertThat(query.subject()).contains(ALICE));
    }

    @Test
    void moreRowsThanFitAreNotCutInSilence() {
        refused(Kind.VALIDATION, query -> Collections.nCopies(UsageReports.MOST_ROWS + 1, SUM));
    }

    @Test
    void aLedgerThatIsAwayIsThePlatformsFault() {
        refused(Kind.PLATFORM, query -> {
            throw new LedgerException(LedgerException.Why.AWAY, "It is away.", new IllegalStateException());
        });
    }

    private static void refused(Kind kind, Function<UsageQuery, List<UsageSum>> ledger) {
        assertThatThrownBy(() -> ask(TestRequest.of(ADMIN, ""), ledger)).isInstanceOfSatisfying(RequestException.class,
                e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void whoFindsTheLedgerBusyIsToldToAskAgain() throws Exception {
        CountDownLatch reading = new CountDownLatch(2);
        CountDownLatch goOn = new CountDownLatch(1);
        UsageDoor door = new UsageDoor(query -> {
            reading.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return List.of(SUM);
        }, page -> List.of(), Optional::empty, CLOCK);
        List<CompletableFuture<Answer>> readers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            readers.add(CompletableFuture.supplyAsync(() -> door.operations().get(0).handler().serve(TestRequest.of(ADMIN, "")), work -> new Thread(work).start()));
        }
        reading.await();
        assertThatThrownBy(() -> door.operations().get(0).handler().serve(TestRequest.of(ADMIN, ""))).isInstanceOfSatisfying(
                RequestException.class, e -> assertThat(e.kind()).isEqualTo(Kind.THROTTLED));
        goOn.countDown();
        assertThat(readers).allSatisfy(reader -> assertThat(reader).succeedsWithin(Duration.ofMinutes(1)));
        assertThat(door.operations().get(0).handler().serve(TestRequest.of(ADMIN, "")).status()).isEqualTo(200);
    }
}
