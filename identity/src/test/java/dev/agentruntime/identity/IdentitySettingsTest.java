package dev.agentruntime.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.config.Attributes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentitySettingsTest {

    private final Map<String, Object> properties = new HashMap<>();
    private List<String> problems = List.of();

    private IdentitySettings read() {
        Attributes own = Attributes.of("agentRuntimeIdentity", properties);
        IdentitySettings settings = IdentitySettings.read(own);
        problems = own.problems();
        return settings;
    }

    private void key(int at, String id, String key) {
        properties.put("vaultKey." + at + ".keyId", id);
        properties.put("vaultKey." + at + ".aesKey", key);
    }

    @Test
    void thereIsNoKeyByDefaultAndThatIsNoProblemUntilOneIsNeeded() {
        IdentitySettings settings = read();
        assertThat(settings.keys().current()).isEmpty();
        assertThat(settings.secrets()).isEmpty();
        assertThat(settings.tokenLifetime()).hasHours(1);
        assertThat(problems).isEmpty();
    }

    @Test
    void theOnlyKeyWraps() {
        key(0, "2026", TestKeys.text());
        assertThat(read().keys().current()).contains("2026");
        assertThat(problems).isEmpty();
    }

    @Test
    void ofTwoKeysOneIsNamed() {
        key(0, "2025", TestKeys.text());
        key(1, "2026", TestKeys.text());
        assertThat(read().keys().current()).isEmpty();
        assertThat(problems).singleElement().asString().contains("2 <vaultKey>").contains("currentKey");
        properties.put("currentKey", "2026");
        assertThat(read().keys().current()).contains("2026");
        assertThat(problems).isEmpty();
        properties.put("currentKey", "2027");
        assertThat(read().keys().current()).isEmpty();
        assertThat(problems).singleElement().asString().contains("'2027'");
    }

    @Test
    void whatIsWrongWithAKeyIsToldWithoutIt() {
        key(0, "2026", "not-a-key!");
        assertThat(read().keys().keys()).isEmpty();
        assertThat(problems).singleElement().asString().contains("keyId=\"2026\"").contains("Base64").doesNotContain("not-a-key");
        key(0, "2026", "${wlp.aes.encryption.key}");
        read();
        assertThat(problems).singleElement().asString().contains("variable").contains("not set");
        key(0, "two words", TestKeys.text());
        read();
        assertThat(problems).singleElement().asString().contains("keyId must be");
    }

    @Test
    void aKeyHasOneSource(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("key"), TestKeys.text());
        properties.put("vaultKey.0.keyId", "2026");
        read();
        assertThat(problems).singleElement().asString().contains("one of aesKey, file, and keyStore");
        properties.put("vaultKey.0.file", file.toString());
        assertThat(read().keys().current()).contains("2026");
        key(0, "2026", TestKeys.text());
        read();
        assertThat(problems).singleElement().asString().contains("one of aesKey, file, and keyStore");
    }

    @Test
    void aTokensLifetimeHasABound() {
        properties.put("tokenLifetime", "15m");
        assertThat(read().tokenLifetime()).hasMinutes(15);
        properties.put("tokenLifetime", "10s");
        assertThat(read().tokenLifetime()).hasHours(1);
        assertThat(problems).singleElement().asString().contains("tokenLifetime");
    }

    @Test
    void theDescriptionNamesKeysAndShowsNone() {
        String key = TestKeys.text();
        key(0, "2026", key);
        properties.put("secrets", "/run/secrets");
        assertThat(read().text()).contains("2026").contains("/run/secrets").doesNotContain(key);
    }
}
