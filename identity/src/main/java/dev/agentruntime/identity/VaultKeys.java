package dev.agentruntime.identity;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.crypto.SecretKey;

/**
 * The keys that data keys are wrapped with, by their ids.
 *
 * @param keys    all that can be used
 * @param current the id of the one that wraps now; empty where none can
 */
record VaultKeys(Map<String, SecretKey> keys, Optional<String> current) {

    static final VaultKeys NONE = new VaultKeys(Map.of(), Optional.empty());

    /** Takes a copy. */
    VaultKeys {
        keys = Map.copyOf(keys);
    }

    /**
     * One key of server.xml.
     *
     * @param id names it in the vault's rows
     */
    record Named(String id, KeySource source) {}

    /**
     * Reads the keys; one that cannot be read is left out and told. Blocks.
     *
     * @param current the id of the one that is to wrap; empty where the only one is meant
     */
    static VaultKeys read(List<Named> named, Optional<String> current, Consumer<String> problem) {
        Map<String, SecretKey> keys = new LinkedHashMap<>();
        for (Named one : named) {
            try {
                if (keys.put(one.id(), one.source().key()) != null) {
                    problem.accept("Two <vaultKey> have the keyId " + one.id() + "; the later one counts. Give each an id of its own.");
                }
            } catch (KeyException e) {
                problem.accept("The <vaultKey keyId=\"" + one.id() + "\"> cannot be used: " + e.getMessage() + ".");
            }
        }
        return new VaultKeys(keys, current(named, keys, current, problem));
    }

    private static Optional<String> current(List<Named> named, Map<String, SecretKey> keys, Optional<String> wanted, Consumer<String> problem) {
        if (wanted.isPresent()) {
            if (keys.containsKey(wanted.get())) {
                return wanted;
            }
            problem.accept("The currentKey of <agentRuntimeIdentity> is '" + wanted.get() + "', and no <vaultKey> of that keyId can be used. Nothing new can be kept"
                    + " until there is one.");
            return Optional.empty();
        }
        if (named.size() > 1) {
            problem.accept("There are " + named.size() + " <vaultKey> and no currentKey of <agentRuntimeIdentity> that says which of them wraps. Nothing new can be kept"
                    + " until it names one.");
            return Optional.empty();
        }
        return keys.keySet().stream().findFirst();
    }

    @Override
    public String toString() {
        return keys.keySet() + ", current " + current.orElse("none");
    }
}
