package dev.agentruntime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.identity.Slot.Kind;
import dev.agentruntime.store.Database;
import dev.agentruntime.store.OnEachDatabase;
import dev.agentruntime.store.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The vault in a database. */
class VaultRowsTest {

    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    private VaultKeys keys = TestKeys.of("one");
    private final Vault vault = new Vault(() -> keys);

    private static Slot of(String subject) {
        return new Slot(Kind.CLIENT_SECRET, "orders", "https://idp", subject, "github", List.of("repo"));
    }

    private void keep(IdentityStore store, Slot slot, String secret) {
        Sealed sealed = vault.seal(slot, secret.getBytes(StandardCharsets.UTF_8));
        store.run(tables -> {
            new Secrets(tables.transaction()).put(slot, sealed, NOW);
            return sealed;
        });
    }

    private String read(IdentityStore store, Slot slot) {
        Sealed sealed = store.run(tables -> new Secrets(tables.transaction()).find(slot)).orElseThrow();
        return new String(vault.open(slot, sealed), StandardCharsets.UTF_8);
    }

    @OnEachDatabase
    void aRowThatIsMovedToAnotherUsersKeyIsRefused(TestDatabase database) throws Exception {
        IdentityStore store = new IdentityStore(new Database(database));
        keep(store, of("alice"), "alices");
        keep(store, of("bob"), "bobs");
        database.execute("DELETE FROM identity_secret WHERE subject = 'bob'",
                "UPDATE identity_secret SET id = '" + of("bob").id() + "', owner = '" + of("bob").owner() + "', subject = 'bob' WHERE subject = 'alice'");
        assertThatThrownBy(() -> read(store, of("bob"))).isInstanceOf(IdentityException.class).hasMessageContaining("not what was kept for this user")
                .hasMessageNotContaining("alices");
    }

    @OnEachDatabase
    void twoRowsThatAreSwappedAreRefusedToBoth(TestDatabase database) throws Exception {
        IdentityStore store = new IdentityStore(new Database(database));
        keep(store, of("alice"), "alices");
        keep(store, of("bob"), "bobs");
        database.execute("UPDATE identity_secret SET id = 'x' WHERE subject = 'alice'",
                "UPDATE identity_secret SET id = '" + of("alice").id() + "' WHERE subject = 'bob'",
                "UPDATE identity_secret SET id = '" + of("bob").id() + "' WHERE id = 'x'");
        assertThatThrownBy(() -> read(store, of("alice"))).isInstanceOf(IdentityException.class);
        assertThatThrownBy(() -> read(store, of("bob"))).isInstanceOf(IdentityException.class);
    }

    @OnEachDatabase
    void aCopyOfTheDatabaseHasNoSecretInIt(TestDatabase database) throws Exception {
        IdentityStore store = new IdentityStore(new Database(database));
        keep(store, of("alice"), "alices secret");
        assertThat(database.select("SELECT wrapped || sealed || scopes || subject FROM identity_secret")).singleElement().asString()
                .doesNotContain("alices secret");
        keys = VaultKeys.NONE;
        assertThatThrownBy(() -> read(store, of("alice"))).isInstanceOf(IdentityException.class);
    }

    @OnEachDatabase
    void whatIsKeptAgainTakesThePlaceOfWhatWasThere(TestDatabase database) throws Exception {
        IdentityStore store = new IdentityStore(new Database(database));
        keep(store, of("alice"), "old");
        keep(store, of("alice"), "new");
        assertThat(read(store, of("alice"))).isEqualTo("new");
        assertThat(database.select("SELECT id FROM identity_secret")).hasSize(1);
    }

    @OnEachDatabase
    void anotherKeyWrapsEveryRowAnewWhileTheyAreReadAndNoneFails(TestDatabase database) throws Exception {
        IdentityStore store = new IdentityStore(new Database(database));
        int rows = 600; // more than are wrapped at once
        for (int i = 0; i < rows; i++) {
            keep(store, of("user" + i), "secret" + i);
        }
        keys = TestKeys.both(keys, TestKeys.of("two"));
        AtomicBoolean going = new AtomicBoolean(true);
        AtomicInteger reads = new AtomicInteger();
        CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
            while (going.get()) {
                int i = reads.getAndIncrement() % rows;
                assertThat(read(store, of("user" + i))).isEqualTo("secret" + i);
            }
        });
        Rewrapping rewrapping = new Rewrapping(store, vault, () -> keys);
        rewrapping.tick();
        going.set(false);
        reader.join();
        assertThat(database.select("SELECT DISTINCT key_id FROM identity_secret")).containsExactly("two");
        keys = new VaultKeys(java.util.Map.of("two", keys.keys().get("two")), keys.current());
        assertThat(read(store, of("user7"))).as("the old key is not needed any more").isEqualTo("secret7");
    }

    @OnEachDatabase
    void aRowThatCannotBeUnwrappedHoldsUpNoOther(TestDatabase database) throws Exception {
        IdentityStore store = new IdentityStore(new Database(database));
        keep(store, of("alice"), "alices");
        keep(store, of("bob"), "bobs");
        database.execute("UPDATE identity_secret SET wrapped = 'AAAA' WHERE subject = 'alice'");
        keys = TestKeys.both(keys, TestKeys.of("two"));
        Rewrapping rewrapping = new Rewrapping(store, vault, () -> keys);
        for (int i = 0; i < 4; i++) {
            rewrapping.tick();
        }
        assertThat(read(store, of("bob"))).isEqualTo("bobs");
        assertThat(database.select("SELECT subject FROM identity_secret WHERE key_id = 'one'")).containsExactly("alice");
    }
}
