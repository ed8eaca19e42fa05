package dev.agentruntime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.identity.Slot.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VaultTest {

    private static final Slot ALICE = new Slot(Kind.CLIENT_SECRET, "orders", "https://idp", "alice", "github", List.of("repo", "user"));
    private static final byte[] SECRET = "gho_secret".getBytes(StandardCharsets.UTF_8);

    private VaultKeys keys = TestKeys.of("one");
    private final Vault vault = new Vault(() -> keys);

    @Test
    void whatIsKeptIsReadAgainAndIsNotInWhatTheDatabaseGets() {
        Sealed sealed = vault.seal(ALICE, SECRET);
        assertThat(vault.open(ALICE, sealed)).isEqualTo(SECRET);
        assertThat(sealed.keyId()).isEqualTo("one");
        assertThat(new String(Base64.getDecoder().decode(sealed.sealed()), StandardCharsets.ISO_8859_1)).doesNotContain("gho_secret");
        assertThat(sealed.toString()).doesNotContain(sealed.sealed()).doesNotContain(sealed.wrapped());
    }

    @Test
    void theSameSecretLooksDifferentEachTime() {
        Sealed first = vault.seal(ALICE, SECRET);
        Sealed second = vault.seal(ALICE, SECRET);
        assertThat(first.sealed()).isNotEqualTo(second.sealed());
        assertThat(first.wrapped()).isNotEqualTo(second.wrapped());
    }

    static Stream<Slot> otherSlots() {
        return Stream.of(
                new Slot(Kind.API_KEY, "orders", "https://idp", "alice", "github", List.of("repo", "user")),
                new Slot(Kind.CLIENT_SECRET, "invoices", "https://idp", "alice", "github", List.of("repo", "user")),
                new Slot(Kind.CLIENT_SECRET, "orders", "https://other", "alice", "github", List.of("repo", "user")),
                new Slot(Kind.CLIENT_SECRET, "orders", "https://idp", "bob", "github", List.of("repo", "user")),
                new Slot(Kind.CLIENT_SECRET, "orders", "https://idp", "alice", "gitlab", List.of("repo", "user")),
                new Slot(Kind.CLIENT_SECRET, "orders", "https://idp", "alice", "github", List.of("repo")),
                new Slot(Kind.CLIENT_SECRET, "orders", "https://id", "palice", "github", List.of("repo", "user")),
                new Slot(Kind.CLIENT_SECRET, "orders", "https://idp", "alice", "github", List.of("repo,user")));
    }

    @ParameterizedTest
    @MethodSource("otherSlots")
    void atAnyOtherPlaceItCannotBeRead(Slot other) {
        Sealed sealed = vault.seal(ALICE, SECRET);
        assertThatThrownBy(() -> vault.open(other, sealed)).isInstanceOf(IdentityException.class).hasMessageContaining("not what was kept")
                .hasMessageNotContaining("gho_secret");
        assertThat(other.id()).isNotEqualTo(ALICE.id());
    }

    @Test
    void theOrderOfScopesMeansNothing() {
        Slot other = new Slot(Kind.CLIENT_SECRET, "orders", "https://idp", "alice", "github", List.of("user", "repo", "user"));
        assertThat(vault.open(other, vault.seal(ALICE, SECRET))).isEqualTo(SECRET);
        assertThat(other.id()).isEqualTo(ALICE.id());
    }

    @Test
    void aChangedByteAnywhereIsNoticed() {
        Sealed sealed = vault.seal(ALICE, SECRET);
        for (int at = 0; at < sealed.sealed().length() - 2; at += 3) {
            Sealed changed = new Sealed("one", sealed.wrapped(), flipped(sealed.sealed(), at));
            assertThatThrownBy(() -> vault.open(ALICE, changed)).isInstanceOf(IdentityException.class);
        }
        assertThatThrownBy(() -> vault.open(ALICE, new Sealed("one", flipped(sealed.wrapped(), 20), sealed.sealed()))).isInstanceOf(IdentityException.class);
        assertThatThrownBy(() -> vault.open(ALICE, new Sealed("one", sealed.wrapped(), "AAAA"))).isInstanceOf(IdentityException.class);
        assertThatThrownBy(() -> vault.open(ALICE, new Sealed("one", sealed.wrapped(), "no Base64!"))).isInstanceOf(IdentityException.class);
    }

    private static String flipped(String text, int at) {
        char other = text.charAt(at) == 'A' ? 'B' : 'A';
        return text.substring(0, at) + other + text.substring(at + 1);
    }

    @Test
    void withoutItsKeyItCannotBeReadAndTheKeyIsNamed() {
        Sealed sealed = vault.seal(ALICE, SECRET);
        keys = TestKeys.of("two");
        assertThatThrownBy(() -> vault.open(ALICE, sealed)).isInstanceOf(IdentityException.class).hasMessageContaining("key one is not configured");
        keys = TestKeys.of("one");
        assertThatThrownBy(() -> vault.open(ALICE, sealed)).as("another key of the same id").isInstanceOf(IdentityException.class);
    }

    @Test
    void withNoKeyAtAllNothingIsKept() {
        keys = VaultKeys.NONE;
        assertThatThrownBy(() -> vault.seal(ALICE, SECRET)).isInstanceOf(IdentityException.class)
                .hasMessageContaining("has no key").hasMessageContaining("<vaultKey>");
    }

    @Test
    void anotherKeyWrapsTheDataKeyAnewAndTheSecretStaysAsItIs() {
        Sealed before = vault.seal(ALICE, SECRET);
        assertThat(vault.rewrapped(before)).isEmpty();
        keys = TestKeys.both(keys, TestKeys.of("two"));
        Sealed after = vault.rewrapped(before).orElseThrow();
        assertThat(after.keyId()).isEqualTo("two");
        assertThat(after.sealed()).isEqualTo(before.sealed());
        assertThat(vault.open(ALICE, after)).isEqualTo(SECRET);
        assertThat(vault.open(ALICE, before)).as("both are valid meanwhile").isEqualTo(SECRET);
        keys = new VaultKeys(keys.keys(), keys.current());
        assertThatThrownBy(() -> vault.open(ALICE, new Sealed("one", after.wrapped(), after.sealed()))).as("a key's id cannot be exchanged")
                .isInstanceOf(IdentityException.class);
    }
}
