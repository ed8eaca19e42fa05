package dev.agentruntime.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Subject;
import dev.agentruntime.inbound.KnownTokens.Known;
import dev.agentruntime.net.Permit;
import dev.agentruntime.spi.fake.ManualClock;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwt.NumericDate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is remembered of good tokens, and what has them judged anew. */
class KnownTokensTest {

    private static final long NOW = TestIssuer.NOW_SECONDS;
    private static final Duration KEYS_FOR = Duration.ofMinutes(10);
    private static final InboundSettings SETTINGS = new InboundSettings("us-east-1", "bedrock-agentcore", Duration.ofMinutes(5),
            Duration.ofMinutes(5), KEYS_FOR, Duration.ofSeconds(30), List.of());

    private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(NOW));
    private final KnownTokens known = new KnownTokens(3);
    private volatile String tenantClaim = "tenant";
    private TestIssuer issuer;
    private TestIssuer other;
    private TokenJudge judge;

    @BeforeEach
    void open() throws IOException {
        issuer = new TestIssuer();
        other = new TestIssuer();
        judge = judge(issuer, List.of());
    }

    @AfterEach
    void close() {
        issuer.close();
        other.close();
    }

    /** The issuer's documents without a network. */
    private TokenJudge judge(TestIssuer of, List<String> audiences) {
        TokenRules rules = new TokenRules(URI.create(of.discoveryUrl()), Permit.publicAnd(List.of()), audiences, List.of(), List.of(), List.of());
        Issuer keys = new Issuer(rules.discovery(), uri -> {
            of.asked.incrementAndGet();
            return uri.toString().endsWith("/keys") ? of.keySet()
                    : "{\"issuer\":\"" + of.issuer() + "\",\"jwks_uri\":\"" + of.base() + "/keys\"}";
        }, () -> SETTINGS, clock, new Semaphore(1));
        return new TokenJudge(rules, keys, () -> tenantClaim, clock, known);
    }

    private String longLived(String subject) {
        return issuer.token(claims -> {
            claims.setSubject(subject);
            claims.setExpirationTime(NumericDate.fromSeconds(NOW + 90_000));
        });
    }

    private static void refused(TokenJudge judge, String words, String token) {
        assertThatThrownBy(() -> judge.judge(token)).isInstanceOf(DeniedException.class).hasMessageContaining(words);
    }

    @Test
    void aGoodTokenIsRememberedAndStaysItsSubjects() {
        String token = longLived("alice");
        Caller first = judge.judge(token);
        assertThat(known.size()).isEqualTo(1);
        assertThat(judge.judge(token)).isSameAs(first);
    }

    @Test
    void aTokenExpiresThoughItIsRememberedToTheSecondThatItWouldOtherwise() {
        String token = issuer.token(claims -> claims.setExpirationTime(NumericDate.fromSeconds(NOW + 100)));
        judge.judge(token);
        clock.advance(Duration.ofSeconds(100 + TokenJudge.SKEW_SECONDS).minusMillis(1));
        assertThat(judge.judge(token).subject().name()).isEqualTo("alice");
        clock.advance(Duration.ofMillis(1));
        refused(judge, "it has expired", token);
        assertThat(known.size()).isZero();
    }

    @Test
    void aTokenThatIsNotValidYetByAClockThatWasSetBackIsRefusedThoughItIsRemembered() {
        String token = issuer.token(claims -> claims.setNotBefore(NumericDate.fromSeconds(NOW + 60)));
        judge.judge(token);
        clock.advance(Duration.ofSeconds(-1));
        refused(judge, "not valid yet", token);
    }

    @Test
    void aTokenWhoseKeyWasWithdrawnIsRefusedAsSoonAsTheIssuersKeysAreRead() {
        String token = longLived("alice");
        judge.judge(token);
        issuer.rotate(TestIssuer.rsa("k2"));
        clock.advance(KEYS_FOR.minusSeconds(1));
        assertThat(judge.judge(token).subject().name()).as("by keys that count").isEqualTo("alice");
        clock.advance(Duration.ofSeconds(1));
        refused(judge, "not signed", token);
    }

    @Test
    void anotherCallersNewKeyHasTokensOfTheOldOneJudgedAnew() {
        String old = longLived("alice");
        judge.judge(old);
        PublicJsonWebKey next = TestIssuer.rsa("k2");
        issuer.rotate(next);
        clock.advance(Duration.ofSeconds(31));
        String fresh = issuer.token(claims -> { }, next, "RS256", Map.of());
        assertThat(judge.judge(fresh).subject().name()).isEqualTo("alice");
        refused(judge, "not signed", old);
    }

    @Test
    void aTokenWhoseKeyWasFoundByOneMoreLookIsRememberedFromItsNextRequestOn() {
        judge.judge(longLived("alice"));
        PublicJsonWebKey next = TestIssuer.rsa("k2");
        issuer.rotate(next);
        clock.advance(Duration.ofSeconds(31));
        String fresh = issuer.token(claims -> claims.setSubject("bob"), next, "RS256", Map.of());
        Caller first = judge.judge(fresh);
        Caller second = judge.judge(fresh);
        assertThat(second).isEqualTo(first).isNotSameAs(first);
        assertThat(judge.judge(fresh)).isSameAs(second);
    }

    @Test
    void keysThatAreReadAgainHaveTokensJudgedAnewThoughTheyAreTheSame() {
        String token = longLived("alice");
        Caller first = judge.judge(token);
        clock.advance(KEYS_FOR);
        assertThat(judge.judge(token)).isEqualTo(first).isNotSameAs(first);
    }

    @Test
    void aChangedTenantClaimCountsAtOnce() {
        String token = issuer.token(claims -> {
            claims.setClaim("tenant", "blue");
            claims.setClaim("organisation", "red");
        });
        assertThat(judge.judge(token)).isEqualTo(Caller.of(new Subject(issuer.issuer(), "alice"), "blue", false));
        tenantClaim = "organisation";
        assertThat(judge.judge(token)).isEqualTo(Caller.of(new Subject(issuer.issuer(), "alice"), "red", false));
    }

    @Test
    void changedRulesAreAnotherJudgesWhoKnowsNothing() {
        String token = longLived("alice");
        judge.judge(token);
        refused(judge(issuer, List.of("somebody-else")), "another audience", token);
        assertThat(judge.judge(token).subject().name()).isEqualTo("alice");
    }

    @Test
    void whatOneIssuersTokenOpensItOpensAtNoOthersAgents() {
        TokenJudge others = judge(other, List.of());
        String token = longLived("alice");
        judge.judge(token);
        refused(others, "is not valid", token);
        String theirs = other.token(claims -> { });
        assertThat(others.judge(theirs).subject()).isEqualTo(new Subject(other.issuer(), "alice"));
        refused(judge, "is not valid", theirs);
        assertThat(judge.judge(token).subject()).isEqualTo(new Subject(issuer.issuer(), "alice"));
    }

    @Test
    void aTokenThatEqualsARememberedOneInItsBeginningIsJudged() {
        String token = longLived("alice");
        judge.judge(token);
        char last = token.charAt(token.length() - 10);
        String changed = token.substring(0, token.length() - 10) + (last == 'A' ? 'B' : 'A') + token.substring(token.length() - 9);
        refused(judge, "is not valid", changed);
        refused(judge, "is not valid", token.substring(0, token.length() - 20));
        refused(judge, "is not valid", token.substring(0, token.lastIndexOf('.') + 1));
        refused(judge, "", token + "A".repeat(TokenJudge.MOST_CHARACTERS));
        assertThat(judge.judge(token).subject().name()).isEqualTo("alice");
    }

    @Test
    void aTokenThatIsRefusedIsNotRemembered() {
        refused(judge, "expired", issuer.token(claims -> claims.setExpirationTime(NumericDate.fromSeconds(NOW - 100))));
        refused(judge, "not signed", issuer.token(claims -> { }, TestIssuer.rsa("k1"), "RS256", Map.of()));
        refused(judge, "sub", issuer.token(claims -> claims.setSubject("a\nb")));
        assertThat(known.size()).isZero();
    }

    @Test
    void noMoreAreRememberedThanThereMayBeAndThoseStayThatAreUsed() {
        String alices = longLived("alice");
        Caller alice = judge.judge(alices);
        for (int i = 0; i < 20; i++) {
            judge.judge(longLived("somebody-" + i));
            assertThat(judge.judge(alices)).isSameAs(alice);
        }
        assertThat(known.size()).isEqualTo(3);
    }

    @Test
    void aTokenIsKnownByItsDigestAndNotByItsText() {
        AtomicInteger differs = new AtomicInteger();
        IssuerKeys keys = new IssuerKeys("i", List.of(), Instant.EPOCH);
        known.keep(judge, KnownTokens.digest("a.b.c"), new Known(new Caller(new Subject("i", "s"), false), new WeakReference<>(keys), "tenant", 0, 10));
        for (String token : List.of("a.b.d", "a.b.", "a.b.cc", "A.b.c")) {
            known.find(judge, KnownTokens.digest(token), keys, "tenant", 5).ifPresentOrElse(found -> { }, differs::incrementAndGet);
        }
        assertThat(differs).hasValue(4);
        assertThat(known.find(judge, KnownTokens.digest("a.b.c"), keys, "tenant", 5)).isPresent();
        assertThat(known.find(judge, KnownTokens.digest("a.b.c"), keys, "tenant", 10)).isEmpty();
    }

    @Test
    void aKeySetOfTheSameTextIsAnotherOne() {
        String text = new JsonWebKeySet(issuer.key()).toJson(OutputControlLevel.PUBLIC_ONLY);
        assertThat(issuer.keySet()).isEqualTo(text);
        IssuerKeys one = new IssuerKeys("i", List.of(issuer.key()), Instant.EPOCH);
        known.keep(judge, KnownTokens.digest("t"), new Known(new Caller(new Subject("i", "s"), false), new WeakReference<>(one), "tenant", 0, 10));
        assertThat(known.find(judge, KnownTokens.digest("t"), new IssuerKeys("i", List.of(issuer.key()), Instant.EPOCH), "tenant", 5)).isEmpty();
        assertThat(known.size()).isZero();
    }
}
