package dev.agentruntime.identity;

import dev.agentruntime.identity.Secrets.Outdated;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.logging.Logger;

/**
 * Wraps data keys with the current key, some each time it is called, while secrets are read and written: before and after they can be
 * read with what stands in their rows. For one thread; blocks on the database.
 */
final class Rewrapping {

    private static final Logger LOG = Logger.getLogger(Rewrapping.class.getName());
    private static final int AT_ONCE = 500;
    private static final int ROUNDS = 20;
    /** Another server, whose server.xml is changed later, may still wrap with the key of before. */
    private static final int REST = 60;

    private final IdentityStore store;
    private final Vault vault;
    private final Supplier<VaultKeys> keys;
    private Map<String, Long> counted = Map.of();
    private Set<String> missing = Set.of();
    private Optional<VaultKeys> settled = Optional.empty();
    private int rested;

    Rewrapping(IdentityStore store, Vault vault, Supplier<VaultKeys> keys) {
        this.store = store;
        this.vault = vault;
        this.keys = keys;
    }

    /** Does a part of what is to be done. */
    void tick() {
        VaultKeys now = keys.get();
        if (settled.filter(now::equals).isPresent() && ++rested < REST) {
            return;
        }
        rested = 0;
        Map<String, Long> counts = store.run(tables -> new Secrets(tables.transaction()).countByKey());
        tellOfMissing(counts, now);
        if (now.current().isEmpty()) {
            settled = Optional.of(now);
            return;
        }
        Map<String, Long> old = new TreeMap<>(counts);
        old.keySet().removeIf(id -> id.equals(now.current().get()) || !now.keys().containsKey(id));
        if (old.isEmpty()) {
            counted.keySet().forEach(id -> IdentityMessage.REWRAPPED.log(LOG, id, now.current().get()));
            counted = Map.of();
            settled = Optional.of(now);
            return;
        }
        if (old.equals(counted)) { // nothing of it was done the last time
            if (!settled.equals(Optional.of(now))) {
                old.forEach((id, count) -> IdentityMessage.NOT_REWRAPPED.log(LOG, count, id));
            }
            settled = Optional.of(now);
            return;
        }
        counted = Map.copyOf(old);
        old.keySet().forEach(this::rewrap);
    }

    private void tellOfMissing(Map<String, Long> counts, VaultKeys now) {
        Set<String> ids = new TreeSet<>(counts.keySet());
        ids.removeAll(now.keys().keySet());
        if (!ids.equals(missing)) {
            ids.forEach(id -> IdentityMessage.KEY_MISSING.log(LOG, counts.get(id), id, id));
            missing = ids;
        }
    }

    private void rewrap(String keyId) {
        String after = "";
        for (int round = 0; round < ROUNDS; round++) {
            String from = after;
            List<Outdated> some = store.run(tables -> new Secrets(tables.transaction()).wrappedWith(keyId, from, AT_ONCE));
            if (some.isEmpty()) {
                return;
            }
            store.run(tables -> {
                Secrets secrets = new Secrets(tables.transaction());
                for (Outdated one : some) {
                    Optional<Sealed> again = again(one);
                    if (again.isPresent()) {
                        secrets.rewrap(one, again.get());
                    }
                }
                return some.size();
            });
            after = some.get(some.size() - 1).id();
        }
    }

    /** One that cannot be unwrapped stays as it is, and is refused to whoever reads it. */
    private Optional<Sealed> again(Outdated one) {
        try {
            return vault.rewrapped(one.sealed());
        } catch (IdentityException cannot) {
            return Optional.empty();
        }
    }
}
