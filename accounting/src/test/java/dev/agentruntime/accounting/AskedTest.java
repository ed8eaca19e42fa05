package dev.agentruntime.accounting;

import static dev.agentruntime.accounting.TestRequest.ADMIN;
import static dev.agentruntime.accounting.TestRequest.ALICE;
import static dev.agentruntime.accounting.TestRequest.INVOKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.Subject;
import dev.agentruntime.store.UsageQuery.By;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AskedTest {

    private static final LocalDate TODAY = LocalDate.parse("2026-03-31");

    @Test
    void whoAsksForNothingInParticularGetsAMonthByAgent() {
        Asked asked = Asked.of(TestRequest.of(ADMIN, ""), TODAY);
        assertThat(asked.form()).isEqualTo(Asked.Form.JSON);
        assertThat(asked.query().by()).containsExactly(By.AGENT);
        assertThat(asked.query().from()).isEqualTo("2026-03-01");
        assertThat(asked.query().to()).isEqualTo(TODAY);
        assertThat(asked.query().subject()).isEmpty();
    }

    @Test
    void whatIsAskedForIsUnderstood() {
        Asked asked = Asked.of(TestRequest.of(ADMIN, "by=day,subject&agent=hello&subject=bob&issuer=https://other&from=2026-01-01&to=2026-01-31&format=csv"), TODAY);
        assertThat(asked.query().by()).containsExactlyInAnyOrder(By.DAY, By.SUBJECT);
        assertThat(asked.query().runtime()).contains("hello");
        assertThat(asked.query().subject()).contains(new Subject("https://other", "bob"));
        assertThat(asked.query().from()).isEqualTo("2026-01-01");
        assertThat(asked.query().to()).isEqualTo("2026-01-31");
        assertThat(asked.form()).isEqualTo(Asked.Form.CSV);
        assertThat(Asked.of(TestRequest.of(ADMIN, "by=none"), TODAY).query().by()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'', text/csv, CSV", "'', 'application/json, */*', JSON", "format=json, text/csv, JSON"})
    void theFormMayBeAskedForInEitherWay(String query, String accept, Asked.Form form) {
        assertThat(Asked.of(TestRequest.of(ADMIN, query, Map.of("accept", accept)), TODAY).form()).isEqualTo(form);
    }

    @Test
    void whoIsNoAdministratorSeesItsOwn() {
        assertThat(Asked.of(TestRequest.of(INVOKER, ""), TODAY).query().subject()).contains(ALICE);
        assertThat(Asked.of(TestRequest.of(INVOKER, "subject=alice"), TODAY).query().subject()).contains(ALICE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"subject=bob", "subject=alice&issuer=https://other"})
    void whatIsAnothersIsRefused(String query) {
        assertThatThrownBy(() -> Asked.of(TestRequest.of(INVOKER, query), TODAY)).isInstanceOfSatisfying(RequestException.class,
                e -> assertThat(e.kind()).isEqualTo(Kind.FORBIDDEN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"by=week", "by=agent,", "by=agent,,day", "from=yesterday", "from=2026-02-30", "to=2026-01-01&from=2026-01-02", "format=xml",
        "from=-999999999-01-01", "to=+999999999-12-31", "issuer=https://other", "agent=a&agent=b", "color=red", "by=AGENT"})
    void whatCannotBeUnderstoodIsRefused(String query) {
        assertThatThrownBy(() -> Asked.of(TestRequest.of(ADMIN, query), TODAY)).isInstanceOfSatisfying(RequestException.class,
                e -> assertThat(e.kind()).isEqualTo(Kind.VALIDATION)).hasMessageStartingWith("The usage was not read: ");
    }
}
