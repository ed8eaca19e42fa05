package dev.agentruntime.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.Subject;
import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import dev.agentruntime.spi.fake.ManualClock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class RatesTest {

    private static final Subject ALICE = new Subject("https://idp", "alice");
    private static final Subject BOB = new Subject("https://idp", "bob");

    private final ManualClock clock = new ManualClock();
    private Quotas quotas = Quotas.of(10, 10);
    private final Rates rates = new Rates(() -> quotas, clock);

    private static Quotas perSecond(int beginnings, int requests, int ofOne) {
        return new Quotas(10, 10, Optional.empty(), Optional.of(beginnings), Optional.of(requests), Optional.of(ofOne));
    }

    private void refused(String attribute, ThrowingCallable asking) {
        RequestException refused = catchThrowableOfType(RequestException.class, asking);
        assertThat(refused).hasMessageContaining("attribute " + attribute + " allows");
        assertThat(refused.kind()).isEqualTo(Kind.THROTTLED);
        assertThat(refused.retryAfter().orElseThrow()).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void nothingIsBoundedWhereNothingIsSaid() {
        assertThatCode(() -> {
            for (int i = 0; i < 10_000; i++) {
                rates.request(ALICE);
                rates.beginning();
            }
        }).doesNotThrowAnyException();
    }

    @Test
    void oneCallerIsBoundedAndTakesNothingFromOthers() {
        quotas = perSecond(9, 4, 2);
        rates.request(ALICE);
        rates.request(ALICE);
        for (int i = 0; i < 10; i++) {
            refused("requestsPerSecondPerSubject", () -> rates.request(ALICE));
        }
        rates.request(BOB);
        rates.request(BOB);
        refused("requestsPerSecond", () -> rates.request(new Subject("https://idp", "carol")));
        clock.advance(Duration.ofSeconds(1));
        rates.request(ALICE);
    }

    @Test
    void beginningsAreCountedForThemselves() {
        quotas = perSecond(2, 1, 1);
        rates.beginning();
        rates.beginning();
        refused("newSessionsPerSecond", rates::beginning);
        rates.request(ALICE);
        clock.advance(Duration.ofMillis(500));
        rates.beginning();
    }

    @Test
    void aChangedQuotaCountsAtOnce() {
        quotas = perSecond(1, 1, 1);
        rates.beginning();
        refused("newSessionsPerSecond", rates::beginning);
        quotas = Quotas.of(10, 10);
        rates.beginning();
    }

    @Test
    void callersWhoHaveGoneAreForgotten() {
        quotas = perSecond(1, 1_000_000, 1);
        for (int i = 0; i < 30_000; i++) {
            rates.request(new Subject("https://idp", "caller " + i));
            if (i % 1_000 == 0) {
                clock.advance(Duration.ofSeconds(1));
            }
        }
        assertThat(rates.callers()).isLessThan(11_100);
    }

    @Test
    void theQuotasAreReadAndDescribed() {
        Attributes own = Attributes.of("agentRuntime", Map.of("maxSessions", 7, "maxSessionsPerSubject", 3, "maxSessionsPerAgent", 5,
                "newSessionsPerSecond", 25, "requestsPerSecond", 1000, "requestsPerSecondPerSubject", "0"));
        Quotas read = Quotas.read(own);
        assertThat(read).isEqualTo(new Quotas(7, 3, Optional.of(5), Optional.of(25), Optional.of(1000), Optional.empty()));
        assertThat(own.problems()).singleElement().asString().contains("requestsPerSecondPerSubject", "from 1 to 1000000", "taken as not set");
        Effective effective = new Effective();
        read.describe(effective);
        assertThat(effective.text()).isEqualTo("maxSessions=7, maxSessionsPerSubject=3, maxSessionsPerAgent=5, newSessionsPerSecond=25, requestsPerSecond=1000");
    }
}
