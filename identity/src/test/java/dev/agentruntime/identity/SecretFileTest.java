package dev.agentruntime.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFileTest {

    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("secret"), text);
    }

    @Test
    void aFileIsItsTextWithoutTheLastLinesEnd() throws IOException {
        assertThat(SecretFile.text(file("a b\n"))).isEqualTo("a b");
        assertThat(SecretFile.text(file("a\r\n"))).isEqualTo("a");
        assertThat(SecretFile.text(file("a\n\n"))).isEqualTo("a\n");
    }

    @Test
    void aMemberIsReadEachTime() throws IOException {
        assertThat(SecretFile.member(file("{\"key\":\"one\"}"), "key")).isEqualTo("one");
        assertThat(SecretFile.member(file("{\"key\":\"two\"}"), "key")).isEqualTo("two");
    }

    @Test
    void whatCannotBeReadSaysWhichFileAndNothingOfIt() throws IOException {
        for (String text : List.of("hidden", "[\"hidden\"]", "{\"hidden\":1e99999999999}", "{\"hidden\":".repeat(3000), "{\"hidden\":\"x\"} more")) {
            Path file = file(text);
            assertThatThrownBy(() -> SecretFile.member(file, "key")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("the file " + file)
                    .hasMessageNotContaining("hidden");
        }
        Path file = file("{\"key\":7,\"other\":\"hidden\"}");
        assertThatThrownBy(() -> SecretFile.member(file, "key")).hasMessage("the file " + file + " has no member 'key' with text");
    }

    @Test
    void aFileHasSomethingInItAndNotTooMuch() throws IOException {
        assertThatThrownBy(() -> SecretFile.text(file(""))).hasMessageEndingWith(" is empty");
        assertThatThrownBy(() -> SecretFile.text(file("a".repeat(512 * 1024 + 1)))).hasMessageEndingWith("has more than 524288 bytes");
        assertThat(SecretFile.text(file("a".repeat(512 * 1024)))).hasSize(512 * 1024);
        assertThatThrownBy(() -> SecretFile.text(folder.resolve("none"))).hasMessageContaining("cannot be read (NoSuchFileException)");
        assertThatThrownBy(() -> SecretFile.text(folder)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", ".hidden", "a/b", "a\\b", "a b", "ä", "a\n"})
    void aNameLeadsToNoOtherFolder(String name) {
        assertThat(SecretFile.isName(name)).isFalse();
    }
}
