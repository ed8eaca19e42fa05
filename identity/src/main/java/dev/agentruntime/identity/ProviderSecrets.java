package dev.agentruntime.identity;

import dev.agentruntime.identity.IdentityException.Kind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Reads the secrets of credential providers. Thread-safe; blocks on the database and on files.
 *
 * @param directory where files are that providers of the API may name
 */
record ProviderSecrets(IdentityStore store, Vault vault, Supplier<java.util.Optional<Path>> directory) {

    /** @throws IdentityException it cannot be read; the message has nothing of it */
    String read(Provider provider) {
        try {
            if (provider.secret() instanceof SecretPlace.InFile file) {
                return SecretFile.member(folder().resolve(file.file()), file.key());
            }
            if (provider.secret() instanceof SecretPlace.InServerXml own) {
                return own.text().get();
            }
        } catch (IllegalArgumentException e) {
            throw unreadable(provider, e.getMessage());
        }
        if (provider.secret() instanceof SecretPlace.InVault) {
            return kept(provider);
        }
        return "";
    }

    private Path folder() {
        return directory.get().orElseThrow(() -> new IllegalArgumentException("<agentRuntimeIdentity> has no directory 'secrets' any more"));
    }

    private String kept(Provider provider) {
        Slot slot = provider.kind().slot(provider.name());
        Sealed sealed = store.run(tables -> new Secrets(tables.transaction()).find(slot)).orElseThrow(() -> unreadable(provider, "it is not in the vault"));
        byte[] bytes = vault.open(slot, sealed);
        try {
            return new String(bytes, StandardCharsets.UTF_8);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static IdentityException unreadable(Provider provider, String why) {
        return new IdentityException(Kind.INTERNAL, "The secret of the " + provider.kind().words() + " credential provider " + provider.name()
                + " cannot be read: " + why + ". Its administrator has to give it again.");
    }
}
