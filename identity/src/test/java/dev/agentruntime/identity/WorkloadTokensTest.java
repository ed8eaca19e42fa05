package dev.agentruntime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkloadTokensTest {

    private final TestClock clock = new TestClock();
    private VaultKeys keys = TestKeys.of("one");
    private final WorkloadTokens tokens = new WorkloadTokens(new Vault(() -> keys), () -> Duration.ofHours(1), clock);

    @Test
    void itSaysForWhomItsHolderActsToTheServerOnly() {
        String token = tokens.made("orders", "https://idp", "alice");
        assertThat(tokens.read(token)).isEqualTo(new Acting("orders", "https://idp", "alice", clock.instant().plus(Duration.ofHours(1))));
        for (String part : token.split("\\.")) {
            assertThat(new String(Base64.getUrlDecoder().decode(part.equals("agwt1") ? "" : part), StandardCharsets.ISO_8859_1)).doesNotContain("alice", "orders");
        }
        assertThat(tokens.made("orders", "https://idp", "alice")).isNotEqualTo(token);
    }

    @Test
    void anotherServerOverTheSameKeysTakesItAndOneWithoutDoesNot() {
        String token = tokens.made("orders", "", "");
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
        String token = tokens.made("orders", "", "");
        clock.pass(Duration.ofMinutes(59));
        tokens.read(token);
        clock.pass(Duration.ofMinutes(1));
        assertThatThrownBy(() -> tokens.read(token)).isInstanceOfSatisfying(IdentityException.class,
                e -> assertThat(e.kind()).isEqualTo(IdentityException.Kind.UNAUTHORIZED)).hasMessageContaining("expired");
    }

    @Test
    void whatIsNoTokenOrWasChangedIsRefusedWithoutASecondLook() {
        String token = tokens.made("orders", "https://idp", "alice");
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
