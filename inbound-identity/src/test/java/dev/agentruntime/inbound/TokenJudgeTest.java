package dev.agentruntime.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Subject;
import dev.agentruntime.inbound.ClaimRule.Operator;
import dev.agentruntime.net.Cidr;
import dev.agentruntime.net.Fetch;
import dev.agentruntime.net.Permit;
import dev.agentruntime.spi.fake.ManualClock;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLSocketFactory;
import org.awaitility.Awaitility;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens, and the issuer's keys, over HTTP. */
class TokenJudgeTest {

    private static final int MOST_WAITING = 6;
    private static final long NOW = TestIssuer.NOW_SECONDS;
    private static final InboundSettings SETTINGS = new InboundSettings("us-east-1", "bedrock-agentcore", Duration.ofMinutes(5),
            Duration.ofMinutes(5), Duration.ofMinutes(10), Duration.ofSeconds(30), List.of());
    private static final Permit HERE = Permit.publicAnd(List.of(Cidr.parse("127.0.0.0/8")));

    private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(NOW));
    private final Fetch fetch = new Fetch("test", Duration.ofSeconds(2), (SSLSocketFactory) SSLSocketFactory.getDefault(), "addresses of the <customJwtAuthorizer>");
    private final Semaphore waiting = new Semaphore(MOST_WAITING);
    private TestIssuer issuer;
    private TokenJudge judge;

    @BeforeEach
    void open() throws IOException {
        issuer = new TestIssuer();
        judge = judge(issuer.discoveryUrl(), HERE);
    }

    @AfterEach
    void close() {
        issuer.close();
        fetch.close();
    }

    private TokenJudge judge(String discovery, Permit permit) {
        TokenRules rules = new TokenRules(URI.create(discovery), permit, List.of("agents", "others"), List.of("app"), List.of("agents.invoke", "agents.all"),
                List.of(new ClaimRule("department", false, Operator.EQUALS, List.of("sales")),
                        new ClaimRule("teams", true, Operator.CONTAINS_ANY, List.of("red", "blue")),
                        new ClaimRule("teams", true, Operator.CONTAINS, List.of("green"))));
        return new TokenJudge(rules, new Issuer(rules.discovery(), uri -> fetch.get(uri, permit), () -> SETTINGS, clock, waiting), () -> "tenant", clock,
                new KnownTokens(10));
    }

    private void refused(int status, String words, String token) {
        refused(judge, status, words, token);
    }

    private static void refused(TokenJudge judge, int status, String words, String token) {
        assertThatThrownBy(() -> judge.judge(token)).isInstanceOfSatisfying(DeniedException.class, denied -> {
            assertThat(denied.refusal().status()).isEqualTo(status);
            assertThat(denied.refusal().message()).contains(words);
            assertThat(denied.refusal().type()).isEqualTo(status == 401 ? "UnauthorizedException" : status == 403 ? "AccessDeniedException" : "InternalServerException");
            assertThat(denied.refusal().challenge().isPresent()).isEqualTo(status < 500);
        });
    }

    private void changed(int status, String words, Consumer<JwtClaims> change) {
        refused(status, words, issuer.token(change));
    }

    @Test
    void aGoodTokenIsItsSubjectsAndNoAdministrators() {
        assertThat(judge.judge(issuer.token(claims -> claims.setClaim("groups", List.of("agent-admin")))))
                .isEqualTo(new Caller(new Subject(issuer.issuer(), "alice"), false));
        assertThat(judge.judge(issuer.token(claims -> claims.setClaim("tenant", "blue"))))
                .isEqualTo(Caller.of(new Subject(issuer.issuer(), "alice"), "blue", false));
        assertThat(issuer.asked).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
    void rsaMaySignInEachOfItsWays(String algorithm) {
        assertThat(judge.judge(issuer.token(claims -> { }, issuer.key(), algorithm, Map.of())).subject().name()).isEqualTo("alice");
    }

    @Test
    void ellipticCurvesMaySignToo() {
        PublicJsonWebKey key = TestIssuer.ec("e1");
        issuer.rotate(key);
        assertThat(judge.judge(issuer.token(claims -> { }, key, "ES256", Map.of("typ", "at+jwt"))).subject().name()).isEqualTo("alice");
    }

    @Test
    void aTokenThatNobodySignedIsRefused() {
        String header = Base64.getUrlEncoder().withoutPadding().encodeToString("{\"alg\":\"none\",\"kid\":\"k1\"}".getBytes(StandardCharsets.UTF_8));
        String payload = Base64.getUrlEncoder().withoutPadding().encodeToString(issuer.claims().toJson().getBytes(StandardCharsets.UTF_8));
        refused(401, "not signed", header + "." + payload + ".");
        refused(401, "not signed", header.replace("none", "NONE") + "." + payload + ".");
    }

    @Test
    void aTokenSignedWithThePublicKeyAsASecretIsRefused() throws JoseException {
        JsonWebSignature signature = new JsonWebSignature();
        signature.setPayload(issuer.claims().toJson());
        signature.setAlgorithmHeaderValue("HS256");
        signature.setKeyIdHeaderValue("k1");
        signature.setKey(new SecretKeySpec(issuer.key().getPublicKey().getEncoded(), "HmacSHA256"));
        refused(401, "not signed", signature.getCompactSerialization());
    }

    @Test
    void aTokenWithCritIsRefused() {
        refused(401, "crit", issuer.token(claims -> { }, issuer.key(), "RS256", Map.of("crit", List.of("exp"), "exp", 1)));
        refused(401, "crit", issuer.token(claims -> { }, issuer.key(), "RS256", Map.of("crit", List.of("b64"), "b64", true)));
    }

    @Test
    void aTokenOfAnotherTypeIsRefused() {
        refused(401, "typ", issuer.token(claims -> { }, issuer.key(), "RS256", Map.of("typ", "logout+jwt")));
    }

    @Test
    void aTokenOfAnotherIssuerOrAudienceIsRefused() {
        changed(401, "another issuer", claims -> claims.setIssuer("https://elsewhere.example"));
        changed(401, "another issuer", claims -> claims.unsetClaim("iss"));
        changed(401, "another audience", claims -> claims.setAudience("elsewhere"));
        changed(401, "another audience", claims -> claims.unsetClaim("aud"));
        assertThat(judge.judge(issuer.token(claims -> claims.setAudience("elsewhere", "others"))).subject().name()).isEqualTo("alice");
    }

    @Test
    void aTokenWithoutTheRightClientScopeOrClaimMayNot() {
        changed(403, "client_id", claims -> claims.setClaim("client_id", "other"));
        changed(403, "client_id", claims -> claims.unsetClaim("client_id"));
        changed(403, "scope", claims -> claims.setClaim("scope", "openid agents.invoked"));
        changed(403, "scope", claims -> claims.unsetClaim("scope"));
        changed(403, "'department'", claims -> claims.setClaim("department", "Sales"));
        changed(403, "'department'", claims -> claims.setClaim("department", List.of("sales")));
        changed(403, "'teams'", claims -> claims.setClaim("teams", List.of("green")));
        changed(403, "'teams'", claims -> claims.setClaim("teams", List.of("red")));
        changed(403, "'teams'", claims -> claims.setClaim("teams", "red green"));
    }

    @Test
    void timesAreMeasuredWithSixtySecondsToSpare() {
        changed(401, "expired", claims -> claims.setExpirationTime(NumericDate.fromSeconds(NOW - 61)));
        changed(401, "not valid yet", claims -> claims.setNotBefore(NumericDate.fromSeconds(NOW + 61)));
        changed(401, "lacks exp or sub", claims -> claims.unsetClaim("exp"));
        changed(401, "lacks exp or sub", claims -> claims.unsetClaim("sub"));
        assertThat(judge.judge(issuer.token(claims -> claims.setExpirationTime(NumericDate.fromSeconds(NOW - 59)))).admin()).isFalse();
        assertThat(judge.judge(issuer.token(claims -> claims.setNotBefore(NumericDate.fromSeconds(NOW + 59)))).admin()).isFalse();
    }

    @Test
    void aSubjectThatIsNoNameIsRefused() {
        changed(401, "sub", claims -> claims.setSubject("a\nb"));
        changed(401, "sub", claims -> claims.setSubject(" "));
        changed(401, "sub", claims -> claims.setSubject("a".repeat(1_025)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a.b", "a.b.c", "..", "e30.e30.", "e30.e30.e30", "a.b.c.d.e"})
    void whatIsNoTokenIsRefused(String token) {
        refused(401, "", token);
    }

    @Test
    void aTokenThatIsTooLargeOrTooDeepIsRefused() {
        refused(401, "characters", "a".repeat(17_000));
        String deep = Base64.getUrlEncoder().withoutPadding().encodeToString(("{\"alg\":" + "[".repeat(5_000)).getBytes(StandardCharsets.UTF_8));
        refused(401, "", deep + ".e30.e30");
    }

    @Test
    void aKeyThatIsNotKnownIsLookedForOnceInAWhile() {
        judge.judge(issuer.token(claims -> { }));
        PublicJsonWebKey other = TestIssuer.rsa("k2");
        String token = issuer.token(claims -> { }, other, "RS256", Map.of());
        for (int i = 0; i < 50; i++) {
            refused(401, "not signed", token);
        }
        assertThat(issuer.asked).as("within the interval of the first").hasValue(1);
        clock.advance(Duration.ofSeconds(31));
        for (int i = 0; i < 50; i++) {
            refused(401, "not signed", token);
        }
        assertThat(issuer.asked).hasValue(2);
    }

    @Test
    void aNewKeyIsFoundAndAWithdrawnOneIsNoneAnyMore() {
        String old = issuer.token(claims -> claims.setExpirationTime(NumericDate.fromSeconds(NOW + 9_000)));
        judge.judge(old);
        PublicJsonWebKey next = TestIssuer.rsa("k2");
        issuer.rotate(next);
        clock.advance(Duration.ofSeconds(31));
        assertThat(judge.judge(issuer.token(claims -> { }, next, "RS256", Map.of())).subject().name()).isEqualTo("alice");
        refused(401, "not signed", old);
    }

    @Test
    void keysCountForAnHourWhenTheIssuerDoesNotAnswerAndNoLonger() {
        String token = issuer.token(claims -> claims.setExpirationTime(NumericDate.fromSeconds(NOW + 90_000)));
        judge.judge(token);
        issuer.discovery = exchange -> TestIssuer.answer(exchange, 503, "away");
        clock.advance(Duration.ofMinutes(69));
        assertThat(judge.judge(token).subject().name()).isEqualTo("alice");
        clock.advance(Duration.ofMinutes(2));
        refused(500, "answers '503'", token);
        issuer.discovery = exchange -> TestIssuer.answer(exchange, 200, "{\"issuer\":\"" + issuer.issuer() + "\",\"jwks_uri\":\"" + issuer.base() + "/keys\"}");
        clock.advance(Duration.ofSeconds(31));
        assertThat(judge.judge(token).subject().name()).isEqualTo("alice");
    }

    @Test
    void anIssuerThatIsDownIsNotAskedByEachCaller() {
        String token = issuer.token(claims -> { });
        issuer.discovery = exchange -> TestIssuer.answer(exchange, 500, "");
        for (int i = 0; i < 20; i++) {
            refused(500, "cannot be had", token);
        }
        assertThat(issuer.asked).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://169.254.169.254/.well-known/openid-configuration", "https://169.254.169.254/.well-known/openid-configuration",
        "http://[::ffff:169.254.169.254]/.well-known/openid-configuration", "http://10.0.0.1/.well-known/openid-configuration",
        "http://127.0.0.1:1/.well-known/openid-configuration", "http://localhost:1/.well-known/openid-configuration",
        "http://[::1]:1/.well-known/openid-configuration"})
    void anIssuerAtAnAddressThatIsNotPublicMustBeAllowed(String discovery) {
        refused(judge(discovery, Permit.publicAnd(List.of())), 500, "which addresses of the <customJwtAuthorizer> must name", issuer.token(claims -> { }));
    }

    @Test
    void whereAnIssuersNameLeadsIsForTheLogOnly() {
        StringBuffer log = new StringBuffer();
        Handler handler = new StreamHandler() {
            @Override
            public void publish(LogRecord line) {
                log.append(line.getMessage());
            }
        };
        Logger logger = Logger.getLogger(Issuer.class.getName());
        logger.addHandler(handler);
        try {
            assertThatThrownBy(() -> judge("http://localhost:1/.well-known/openid-configuration", Permit.publicAnd(List.of())).judge(issuer.token(claims -> { })))
                    .hasMessageContaining("localhost is a loopback address").hasMessageNotContaining("127.0.0.1").hasMessageNotContaining("0:0:0:1");
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(log.toString()).containsAnyOf("(127.0.0.1)", "(0:0:0:0:0:0:0:1)");
    }

    @Test
    void keysAtAnAddressThatIsNotAllowedAreNotFetched() {
        issuer.discovery = exchange -> TestIssuer.answer(exchange, 200,
                "{\"issuer\":\"" + issuer.issuer() + "\",\"jwks_uri\":\"http://169.254.169.254/latest/meta-data\"}");
        refused(500, "a cloud's metadata service", issuer.token(claims -> { }));
    }

    @Test
    void anIssuerThatSaysItIsTheOwnersOfAccessKeysIsNone() {
        issuer.discovery = exchange -> TestIssuer.answer(exchange, 200, "{\"issuer\":\"urn:agent-runtime:access-keys\",\"jwks_uri\":\"" + issuer.base() + "/keys\"}");
        refused(500, "owners of access keys", issuer.token(claims -> claims.setIssuer("urn:agent-runtime:access-keys")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "ftp://127.0.0.1/keys", "http://user@127.0.0.1/keys", "keys", "http:///keys", "not a url"})
    void keysAreFetchedFromTheWebOnly(String where) {
        issuer.discovery = exchange -> TestIssuer.answer(exchange, 200, "{\"issuer\":\"" + issuer.issuer() + "\",\"jwks_uri\":\"" + where + "\"}");
        refused(500, "cannot be had", issuer.token(claims -> { }));
    }

    @Test
    void aRedirectIsNotFollowed() {
        issuer.jwks = exchange -> {
            exchange.getResponseHeaders().set("Location", "http://169.254.169.254/");
            TestIssuer.answer(exchange, 302, "");
        };
        refused(500, "redirects are not followed", issuer.token(claims -> { }));
    }

    @Test
    void keysMayComeInChunks() {
        issuer.jwks = exchange -> TestIssuer.chunked(exchange, issuer.keySet());
        assertThat(judge.judge(issuer.token(claims -> { })).subject().name()).isEqualTo("alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5\r\nabc", "5\r\nabcdef\r\n0\r\n\r\n", "zz\r\n", "-1\r\n", "7fffffff\r\n", "40001\r\n", "5", ""})
    void keysInBrokenChunksAreNone(String chunks) throws IOException {
        try (RawIssuer raw = new RawIssuer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)) {
            assertThatThrownBy(() -> fetch.get(URI.create(raw.url()), HERE)).isInstanceOf(IOException.class).hasMessageContaining("the answer of");
            assertThat(raw.asked()).contains("GET /x HTTP/1.1\r\n", "\r\nHost: 127.0.0.1:", "\r\nConnection: close\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nx", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nx", "HTTP/1.1 301 Moved\r\nLocation: /\r\n\r\n", "SSH-2.0-x\r\n\r\n", "HTTP/1.1 200 OK\r\n"})
    void whatIsNoPlainAnswerIsRefused(String answer) throws IOException {
        try (RawIssuer raw = new RawIssuer(answer)) {
            assertThatThrownBy(() -> fetch.get(URI.create(raw.url()), HERE)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void giantChunksAreNotReadEither() {
        issuer.jwks = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] much = new byte[4 * 1024];
            for (int i = 0; i < 1_000; i++) {
                exchange.getResponseBody().write(much);
                exchange.getResponseBody().flush();
            }
            exchange.close();
        };
        refused(500, "more than 262144 bytes", issuer.token(claims -> { }));
    }

    @Test
    void giantKeysAreNotRead() {
        issuer.jwks = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] much = new byte[64 * 1024];
            for (int i = 0; i < 1_000; i++) {
                exchange.getResponseBody().write(much);
            }
            exchange.close();
        };
        refused(500, "more than 262144 bytes", issuer.token(claims -> { }));
    }

    @Test
    void slowKeysAreWaitedForNoLongerThanTwoSecondsHere() {
        issuer.jwks = exchange -> {
            exchange.sendResponseHeaders(200, 10_000);
            LockSupport.parkNanos(Duration.ofSeconds(20).toNanos());
        };
        long begun = System.nanoTime();
        refused(500, "did not answer within 2000 ms", issuer.token(claims -> { }));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void whileOneAsksForKeysTheOthersGoOnWithThoseThatAreKnown() throws Exception {
        String token = issuer.token(claims -> claims.setExpirationTime(NumericDate.fromSeconds(NOW + 9_000)));
        judge.judge(token);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch on = new CountDownLatch(1);
        holdKeys(begun, on);
        clock.advance(Duration.ofMinutes(11));
        CompletableFuture<Caller> asks = CompletableFuture.supplyAsync(() -> judge.judge(token));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(judge.judge(token).subject().name()).isEqualTo("alice");
        assertThat(asks.isDone()).isFalse();
        on.countDown();
        assertThat(asks).succeedsWithin(Duration.ofSeconds(10));
        assertThat(issuer.asked).hasValue(2);
    }

    @Test
    void whereTheKeysThatAreKnownCountNoMoreEverybodyWaitsForTheNewOnes() throws Exception {
        String token = issuer.token(claims -> claims.setExpirationTime(NumericDate.fromSeconds(NOW + 90_000)));
        judge.judge(token);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch on = new CountDownLatch(1);
        holdKeys(begun, on);
        clock.advance(Duration.ofHours(3));
        CompletableFuture<Caller> first = CompletableFuture.supplyAsync(() -> judge.judge(token));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Caller> second = CompletableFuture.supplyAsync(() -> judge.judge(token));
        assertThat(second).as("neither refused nor let in").isNotDone();
        on.countDown();
        assertThat(first).succeedsWithin(Duration.ofSeconds(10));
        assertThat(second).succeedsWithin(Duration.ofSeconds(10));
        assertThat(issuer.asked).hasValue(2);
    }

    @Test
    void whoeverWaitsForAnIssuerThatDoesNotAnswerAsksItNotAgain() throws Exception {
        String token = issuer.token(claims -> { });
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch on = new CountDownLatch(1);
        issuer.discovery = exchange -> {
            begun.countDown();
            try {
                on.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            TestIssuer.answer(exchange, 503, "away");
        };
        CompletableFuture<Caller> first = CompletableFuture.supplyAsync(() -> judge.judge(token));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        clock.advance(Duration.ofSeconds(31));
        List<CompletableFuture<Caller>> others = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            others.add(CompletableFuture.supplyAsync(() -> judge.judge(token), task -> new Thread(task).start()));
        }
        Awaitility.await().until(() -> waiting.availablePermits() == MOST_WAITING - 4);
        on.countDown();
        assertThat(first).failsWithin(Duration.ofSeconds(10));
        assertThat(others).allSatisfy(other -> assertThat(other).failsWithin(Duration.ofSeconds(10)));
        assertThat(issuer.asked).hasValue(1);
        assertThat(waiting.availablePermits()).isEqualTo(MOST_WAITING);
    }

    @Test
    void callersOfIssuersThatDoNotAnswerHoldNoMoreThreadsThanMayWait() {
        assertThat(waiting.tryAcquire(MOST_WAITING)).as("callers of other issuers").isTrue();
        refused(500, "many wait for them", issuer.token(claims -> { }));
        waiting.release();
        assertThat(judge.judge(issuer.token(claims -> { })).subject().name()).isEqualTo("alice");
        waiting.drainPermits();
        assertThat(judge.judge(issuer.token(claims -> { })).subject().name()).as("with the keys that are known").isEqualTo("alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{}", "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}", "no json", "{\"keys\":5}"})
    void whatIsNoSetOfKeysIsNone(String text) {
        issuer.jwks = exchange -> TestIssuer.answer(exchange, 200, text);
        refused(500, "cannot be had", issuer.token(claims -> { }));
    }

    @Test
    void whatIsNestedTooDeeplyIsNoSetOfKeys() {
        issuer.jwks = exchange -> TestIssuer.answer(exchange, 200, "{\"keys\":" + "[".repeat(200_000));
        refused(500, "cannot be had", issuer.token(claims -> { }));
    }

    @Test
    void aKeyForEncryptionSignsNothing() {
        issuer.key().setUse("enc");
        refused(401, "not signed", issuer.token(claims -> { }));
    }

    /** Has the issuer say that it was asked for its keys, and give them once it may. */
    private void holdKeys(CountDownLatch asked, CountDownLatch may) {
        TestIssuer.Answer prompt = issuer.jwks;
        issuer.jwks = exchange -> {
            asked.countDown();
            try {
                may.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            prompt.give(exchange);
        };
    }
}
