package dev.agentruntime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.config.Encoded;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Optional;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeySourcesTest {

    @TempDir
    Path folder;

    @Test
    void aKeyOfLibertysConfigurationIsTextOf256Bits() {
        SecretKey key = new ConfiguredKey(TestKeys::text).key();
        assertThat(key.getEncoded()).hasSize(32);
        assertThatThrownBy(() -> new ConfiguredKey(() -> "c2hvcnQ=").key()).isInstanceOf(KeyException.class).hasMessageContaining("has 40 bits")
                .hasMessageContaining("openssl rand -base64 32");
        assertThatThrownBy(() -> new ConfiguredKey(() -> "a pass phrase").key()).isInstanceOf(KeyException.class).hasMessageContaining("no Base64")
                .hasMessageNotContaining("pass phrase");
        assertThatThrownBy(() -> new ConfiguredKey(() -> Encoded.decoded("{aes}abc")).key()).isInstanceOf(KeyException.class)
                .hasMessageContaining("{aes}").hasMessageNotContaining("abc");
    }

    @Test
    void aMountedFileMayEndWithALine() throws Exception {
        String text = TestKeys.text();
        Path file = Files.writeString(folder.resolve("key"), text + "\n");
        assertThat(new FileKey(file).key()).isEqualTo(new ConfiguredKey(() -> text).key());
        assertThatThrownBy(() -> new FileKey(folder.resolve("none")).key()).isInstanceOf(KeyException.class).hasMessageContaining("cannot be read");
        Path large = Files.write(folder.resolve("large"), new byte[2000]);
        assertThatThrownBy(() -> new FileKey(large).key()).isInstanceOf(KeyException.class).hasMessageContaining("more than 1024 bytes");
    }

    @Test
    void aKeyStoreHasItByItsAlias() throws Exception {
        KeyGenerator generator = KeyGenerator.getInstance("AES");
        generator.init(256);
        SecretKey made = generator.generateKey();
        Path file = keyStore(made);
        assertThat(new StoredKey("PKCS12", Optional.of(file), "vault", () -> "changeit").key().getEncoded()).isEqualTo(made.getEncoded());
        assertThatThrownBy(() -> new StoredKey("PKCS12", Optional.of(file), "other", () -> "changeit").key()).isInstanceOf(KeyException.class)
                .hasMessageContaining("no AES key of the alias other").hasMessageContaining("keytool");
        assertThatThrownBy(() -> new StoredKey("PKCS12", Optional.of(file), "vault", () -> "wrong").key()).isInstanceOf(KeyException.class)
                .hasMessageContaining("keyStorePassword").hasMessageNotContaining("wrong");
        assertThatThrownBy(() -> new StoredKey("NONE", Optional.of(file), "vault", () -> "changeit").key()).isInstanceOf(KeyException.class);
    }

    @Test
    void aShortKeyOfAKeyStoreIsRefused() throws Exception {
        KeyGenerator generator = KeyGenerator.getInstance("AES");
        generator.init(128);
        Path file = keyStore(generator.generateKey());
        assertThatThrownBy(() -> new StoredKey("PKCS12", Optional.of(file), "vault", () -> "changeit").key()).isInstanceOf(KeyException.class)
                .hasMessageContaining("not 256 bits");
    }

    private Path keyStore(SecretKey key) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setEntry("vault", new KeyStore.SecretKeyEntry(key), new KeyStore.PasswordProtection("changeit".toCharArray()));
        Path file = folder.resolve("vault.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, "changeit".toCharArray());
        }
        return file;
    }
}
