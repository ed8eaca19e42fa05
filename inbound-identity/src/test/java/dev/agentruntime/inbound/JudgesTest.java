package dev.agentruntime.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.net.Permit;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class JudgesTest {

    private final List<String> made = new ArrayList<>();
    private final Judges judges = new Judges(2, rules -> {
        made.add(rules.audiences().get(0));
        return new TokenJudge(rules, new Issuer(rules.discovery(), uri -> "", () -> null, Clock.systemUTC(), new Semaphore(1)), () -> "tenant", Clock.systemUTC(),
                new KnownTokens(1));
    });

    private TokenJudge by(String audience) {
        return judges.by(new TokenRules(URI.create("https://login.example/.well-known/openid-configuration"), Permit.publicAnd(List.of()),
                List.of(audience), List.of(), List.of(), List.of()));
    }

    @Test
    void equalRulesHaveOneJudge() {
        assertThat(by("a")).isSameAs(by("a"));
        assertThat(made).containsExactly("a");
    }

    @Test
    void asManyAsThereMayBeKeepTheirKeys() {
        for (int i = 0; i < 3; i++) {
            by("a");
            by("b");
        }
        assertThat(made).containsExactly("a", "b");
    }

    @Test
    void oneMoreTakesThePlaceOfTheOneThatWasNotAskedForLongest() {
        by("a");
        by("b");
        by("a");
        by("c");
        by("a");
        assertThat(made).containsExactly("a", "b", "c");
        by("b");
        assertThat(made).containsExactly("a", "b", "c", "b");
    }
}
