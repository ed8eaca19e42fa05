package dev.agentruntime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.Subject;
import dev.agentruntime.spi.SessionFacts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkloadTokensTest {

    private static final Instant SINCE = Instant.parse("2026-11-01T08:00:00.123Z");
    private static final Subject ALICE = new Subject("https://idp", "alice");

    private final TestClock clock = new TestClock();
    private VaultKeys keys = TestKeys.of("one");
    private final WorkloadTokens tokens = new WorkloadTokens(new Vault(() -> keys), () -> Duration.ofHours(1), clock);

    private String made(String issuer, String subject) {
        return tokens.made(new WorkloadRow("orders", Origin.API, List.of(), SINCE, SINCE), issuer, subject);
    }

    @Test
    void oneOfASessionIsTakenAsLongAsItSaysOrForEver() {
        SessionFacts session = new SessionFacts("s-1", "orders", "v", ALICE, ALICE.alone(), SINCE);
        Acting forEver = Acting.in(session, SINCE, Optional.empty());
        Acting forAMinute = Acting.in(session, SINCE, Optional.of(clock.instant().plus(Duration.ofMinutes(1))));
        String first = tokens.made(forEver);
        String second = tokens.made(forAMinute);
        assertThat(tokens.read(first)).isEqualTo(forEver);
        assertThat(tokens.read(second)).isEqualTo(forAMinute);
        clock.pass(Duration.ofDays(1000));
        assertThat(tokens.read(first)).isEqualTo(forEver);
        assertThatThrownBy(() -> tokens.read(second)).isInstanceOf(IdentityException.class).hasMessageContaining("expired");
    }

    @Test
    void itIsOfOneSessionAndOneUser() {
        SessionFacts session = new SessionFacts("s-1", "orders", "v", ALICE, ALICE.alone(), SINCE);
        Acting acting = Acting.in(session, SINCE, Optional.empty());
        Subject bob = new Subject("https://idp", "bob");
        Subject sameName = new Subject("https://other", "alice");
        assertThat(acting.isOf(session)).isTrue();
        assertThat(acting.isOf(new SessionFacts("s-1", "orders", "a later digest", ALICE, ALICE.alone(), SINCE))).isTrue();
        assertThat(acting.isOf(new SessionFacts("s-2", "orders", "v", ALICE, ALICE.alone(), SINCE))).isFalse();
        assertThat(acting.isOf(new SessionFacts("s-1", "invoices", "v", ALICE, ALICE.alone(), SINCE))).isFalse();
        assertThat(acting.isOf(new SessionFacts("s-1", "orders", "v", bob, bob.alone(), SINCE))).isFalse();
        assertThat(acting.isOf(new SessionFacts("s-1", "orders", "v", sameName, sameName.alone(), SINCE))).isFalse();
        assertThat(acting.isOf(new SessionFacts("s-1", "orders", "v", ALICE, ALICE.alone(), SINCE.plusMillis(1)))).isFalse();
        assertThat(new Acting("orders", SINCE, "https://idp", "alice", Optional.empty(), Optional.empty()).isOf(session)).isFalse();
    }

    @Test
    void itSaysForWhomItsHolderActsToTheServerOnly() {
        String token = made("https://idp", "alice");
        assertThat(tokens.read(token)).isEqualTo(new Acting("orders", SINCE, "https://idp", "alice", Optional.of(clock.instant().plus(Duration.ofHours(1))),
                Optional.empty()));
        for (String part : token.split("\\.")) {
            assertThat(new String(Base64.getUrlDecoder().decode(part.equals("agwt1") ? "" : part), StandardCharsets.ISO_8859_1)).doesNotContain("alice", "orders");
        }
        assertThat(made("https://idp", "alice")).isNotEqualTo(token);
    }

    @Test
    void anotherServerOverTheSameKeysTakesItAndOneWithoutDoesNot() {
        String token = made("", "");
        assertThat(new WorkloadTokens(new Vault(() -> keys), () -> Duration.ofHours(1), clock).read(token).workload()).isEqualTo("orders");
        VaultKeys before = keys;
        keys = TestKeys.both(keys, TestKeys.of("two"));
        assertThat(tokens.read(token).workload()).as("while the key is changed").isEqualTo("orders");
        keys = TestKeys.of("one");
        assertThatThrownBy(() -> tokens.read(token)).isInstanceOf(IdentityException.class).hasMessageContaining("none that this server has made");
        assertThat(before.keys()).isNotEqualTo(keys.keys());
    }

    @Test
    void itIsTakenForItsLifetime() {
        String token = made("", "");
        clock.pass(Duration.ofMinutes(59));
        tokens.read(token);
        clock.pass(Duration.ofMinutes(1));
        assertThatThrownBy(() -> tokens.read(token)).isInstanceOfSatisfying(IdentityException.class,
                e -> assertThat(e.kind()).isEqualTo(IdentityException.Kind.UNAUTHORIZED)).hasMessageContaining("expired");
    }

    @Test
    void whatIsNoTokenOrWasChangedIsRefusedWithoutASecondLook() {
        String token = made("https://idp", "alice");
        String[] parts = token.split("\\.");
        for (String other : List.of("", "x", "agwt1.", "agwt1...", "agwt1.a.b.c", token + "A", token.substring(0, token.length() - 4), token.replace("agwt1.", "agwt2."),
                String.join(".", parts[0], parts[1], parts[3], parts[2]), "agwt1." + "A".repeat(20_000))) {
            assertThatThrownBy(() -> tokens.read(other)).as(other).isInstanceOf(IdentityException.class);
        }
    }

    /** A row of the vault is sealed with the same key. */
    @Test
    void aSecretOfTheVaultIsNoToken() {
        Sealed sealed = new Vault(() -> keys).seal(Slot.ofProvider(Slot.Kind.API_KEY, "openai"),
                "{\"workload\":\"orders\",\"issuer\":\"\",\"subject\":\"\",\"until\":99999999999999}".getBytes(StandardCharsets.UTF_8));
        String forged = "agwt1." + url("one".getBytes(StandardCharsets.UTF_8)) + "." + url(Base64.getDecoder().decode(sealed.wrapped())) + "."
                + url(Base64.getDecoder().decode(sealed.sealed()));
        assertThatThrownBy(() -> tokens.read(forged)).isInstanceOf(IdentityException.class);
    }

    private static String url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
