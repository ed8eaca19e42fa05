package dev.agentruntime.identity;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.SecretKey;

/**
 * A key of a key store: a PKCS#12 file, or a device that Java knows by PKCS#11, whose key need not leave it.
 *
 * @param type     of the key store
 * @param file     none of a device
 * @param alias    the key's
 * @param password of the key store and of the key; decodes it where it is encoded
 */
record StoredKey(String type, Optional<Path> file, String alias, Supplier<String> password) implements KeySource {

    @Override
    public SecretKey key() {
        char[] characters = characters();
        try {
            KeyStore store = KeyStore.getInstance(type);
            load(store, characters);
            if (!(store.getKey(alias, characters) instanceof SecretKey key) || !key.getAlgorithm().equals("AES")) {
                throw new KeyException(this + " has no AES key of the alias " + alias
                        + ". Make one: keytool -genseckey -keyalg AES -keysize 256 -storetype " + type + " -alias " + alias);
            }
            if (key.getEncoded() != null && key.getEncoded().length != 32) {
                throw new KeyException("The key " + alias + " of " + this + " has not 256 bits");
            }
            return key;
        } catch (GeneralSecurityException | IOException e) {
            throw new KeyException(this + " cannot be read (" + e.getClass().getSimpleName() + "). See that it is there, and that its keyStorePassword is right", e);
        } finally {
            Arrays.fill(characters, '\0');
        }
    }

    private void load(KeyStore store, char[] characters) throws GeneralSecurityException, IOException {
        if (file.isEmpty()) {
            store.load(null, characters);
            return;
        }
        try (InputStream in = Files.newInputStream(file.get())) {
            store.load(in, characters);
        }
    }

    private char[] characters() {
        try {
            return password.get().toCharArray();
        } catch (IllegalArgumentException cannotBeDecoded) {
            throw new KeyException("keyStorePassword: " + cannotBeDecoded.getMessage(), cannotBeDecoded);
        }
    }

    @Override
    public String toString() {
        return "keyStore " + file.map(Path::toString).orElse(type);
    }
}
