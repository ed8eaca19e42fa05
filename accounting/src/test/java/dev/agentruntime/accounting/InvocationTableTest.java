package dev.agentruntime.accounting;

import static dev.agentruntime.accounting.TestRequest.ADMIN;
import static dev.agentruntime.accounting.TestRequest.ALICE;
import static dev.agentruntime.accounting.TestRequest.INVOKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.accounting.InvocationPage.Mark;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.RoomOperations.Answer;
import dev.agentruntime.api.RoomOperations.Request;
import dev.agentruntime.api.Subject;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers are told of invocations, one by one. */
class InvocationTableTest {

    private static final Prices PRICES = new Prices(new BigDecimal("3600"), BigDecimal.ZERO, "EUR");

    private final List<InvocationPage> asked = new ArrayList<>();
    private List<InvocationRow> rows = List.of(Invocations.of("s-1", ALICE, Invocations.NOON, 2_000_000_000));

    private Answer ask(Request request) {
        return new UsageDoor(query -> List.of(), page -> {
            asked.add(page);
            return rows;
        }, () -> Optional.of(PRICES), Clock.fixed(Invocations.NOON, ZoneOffset.UTC)).operations().get(1).handler().serve(request);
    }

    private void refused(Kind kind, Request request) {
        assertThatThrownBy(() -> ask(request)).isInstanceOfSatisfying(RequestException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void eachInvocationIsToldWithItsCost() {
        String json = ask(TestRequest.of(INVOKER, "agent=hello&session=s-1")).body();
        assertThat(json).contains("\"beganAt\":\"2026-03-31T12:00:00.123456Z\"", "\"agent\":\"hello\"", "\"session\":\"s-1\"", "\"outcome\":\"success\"",
                "\"seconds\":0.250", "\"cpuSeconds\":2.000000000", "\"emulatorSeconds\":1.000000000", "\"memoryGbSeconds\":3.000000", "\"cost\":2",
                "\"currency\":\"EUR\"").doesNotContain("nextToken");
        assertThat(asked).singleElement().satisfies(page -> {
            assertThat(page.runtime()).contains("hello");
            assertThat(page.session()).contains("s-1");
            assertThat(page.subject()).as("others see their own").contains(ALICE);
            assertThat(page.to()).isEqualTo(LocalDate.parse("2026-03-31"));
            assertThat(page.most()).isEqualTo(100);
        });
    }

    @Test
    void asCsvAFormulaIsNone() {
        rows = List.of(Invocations.of("=cmd|x", new Subject("https://idp", "a,\"b"), Invocations.NOON, 1));
        Answer csv = ask(TestRequest.of(ADMIN, "", Map.of("accept", "text/csv")));
        assertThat(csv.type()).startsWith("text/csv");
        List<String> lines = csv.body().lines().toList();
        assertThat(lines.get(0)).startsWith("beganAt,requestId,agent,session,subject,issuer,outcome,");
        assertThat(lines.get(1)).contains(",'=cmd|x,\"a,\"\"b\",https://idp,success,0.250,");
    }

    @Test
    void aPageLeadsToTheNextUntilThereIsNone() {
        rows = IntStream.range(0, 3).mapToObj(Invocations::of).toList();
        Answer json = ask(TestRequest.of(ADMIN, "maxResults=2"));
        String token = Mark.of(rows.get(1)).token();
        assertThat(json.body()).contains("\"nextToken\":\"" + token + "\"").doesNotContain(rows.get(2).use().requestId());
        assertThat(ask(TestRequest.of(ADMIN, "maxResults=2&format=csv")).headers()).containsEntry("X-Agent-Runtime-Next-Token", token);
        rows = rows.subList(2, 3);
        assertThat(ask(TestRequest.of(ADMIN, "maxResults=2&nextToken=" + token)).body()).doesNotContain("nextToken");
        assertThat(asked.get(2).after()).contains(new Mark(Invocations.NOON.plusMillis(1), Mark.of(token).orElseThrow().requestId()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"maxResults=0", "maxResults=1001", "maxResults=-1", "maxResults=many", "maxResults=99999999999", "nextToken=%", "nextToken=AAAA",
        "nextToken=MjAyNi0wMy0zMVQxMjowMDowMFogJyBPUiAxPTE", "by=agent", "from=2026-04-01&to=2026-03-01", "format=xml", "session=a&session=b"})
    void whatCannotBeUnderstoodIsRefused(String query) {
        refused(Kind.VALIDATION, TestRequest.of(ADMIN, query));
    }

    @Test
    void whatOthersHaveUsedIsForAdministrators() {
        refused(Kind.FORBIDDEN, TestRequest.of(INVOKER, "subject=bob"));
        ask(TestRequest.of(ADMIN, "subject=bob"));
        assertThat(asked).singleElement().satisfies(page -> assertThat(page.subject()).contains(new Subject("https://idp", "bob")));
    }
}
