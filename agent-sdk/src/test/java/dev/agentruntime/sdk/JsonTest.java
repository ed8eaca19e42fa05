package dev.agentruntime.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    private static final Json JSON = Json.create();

    public record Prompt(String prompt, int times) {
    }

    public static final class Unwritable {
        public String getValue() {
            throw new IllegalStateException("no value");
        }
    }

    @AfterAll
    static void close() {
        JSON.close();
    }

    private static InputStream body(String text, Charset charset) {
        return new ByteArrayInputStream(text.getBytes(charset));
    }

    private static Object read(String text, Class<?> type) {
        return JSON.read(body(text, StandardCharsets.UTF_8), StandardCharsets.UTF_8, type);
    }

    @Test
    void aBodyBecomesTheTypeThatIsAskedFor() {
        assertThat(read("{\"prompt\":\"Ada\",\"times\":2}", Prompt.class)).isEqualTo(new Prompt("Ada", 2));
        assertThat(read("{\"a\":[1,2]}", Map.class)).asString().contains("a");
    }

    @Test
    void theCharsetOfTheRequestCounts() throws IOException {
        assertThat(Json.text(body("für", StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1)).isEqualTo("für");
        assertThat(JSON.read(body("{\"prompt\":\"für\"}", StandardCharsets.UTF_16), StandardCharsets.UTF_16, Prompt.class)).isEqualTo(new Prompt("für", 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1,", "{\"times\":\"many\"}", "{\"times\":1e99999999999}", "nonsense"})
    void whatIsNoJsonOfThisTypeIsTheCallersFaultWithDetails(String text) {
        assertThatThrownBy(() -> read(text, Prompt.class)).isInstanceOfSatisfying(BadRequestException.class, refusal -> {
            assertThat(refusal).hasMessage("Invalid JSON");
            assertThat(refusal.details()).isNotBlank();
            assertThat(Errors.body(refusal)).startsWith("{\"error\":\"Invalid JSON\",\"details\":\"");
        });
    }

    @Test
    void jsonThatIsNestedTooDeeplyIsTheCallersFaultToo() {
        assertThatThrownBy(() -> read("[".repeat(100_000), List.class)).isInstanceOf(BadRequestException.class).hasMessage("Invalid JSON");
    }

    @Test
    void bytesThatAreNotInTheirCharsetAreTheCallersFault() {
        byte[] broken = {'"', (byte) 0xc3, '"'};
        assertThatThrownBy(() -> Json.text(new ByteArrayInputStream(broken), StandardCharsets.UTF_8)).isInstanceOf(BadRequestException.class)
                .hasMessage("Invalid encoding");
        assertThatThrownBy(() -> JSON.read(new ByteArrayInputStream(broken), StandardCharsets.UTF_8, String.class)).isInstanceOfSatisfying(
                BadRequestException.class, refusal -> assertThat(refusal.details()).contains("UTF-8"));
    }

    @Test
    void resultsBecomeJsonOnOneLine() {
        assertThat(JSON.write(null)).isEqualTo("null");
        assertThat(JSON.write("two\nlines")).isEqualTo("\"two\\nlines\"");
        assertThat(JSON.write(new Prompt("Ada", 1))).isEqualTo("{\"prompt\":\"Ada\",\"times\":1}");
        assertThat(JSON.write(List.of(1, 2))).isEqualTo("[1,2]");
    }

    @Test
    void aResultThatCannotBeWrittenNamesItsClass() {
        assertThatThrownBy(() -> JSON.write(new Unwritable())).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(Unwritable.class.getName()).hasMessageContaining("cannot be written as JSON");
    }
}
