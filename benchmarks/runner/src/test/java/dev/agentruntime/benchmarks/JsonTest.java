package dev.agentruntime.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void whatIsWrittenCanBeRead() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("text", "quote \" backslash \\ line \n tab \t bell \u0007 ä");
        value.put("number", -1.5e-3);
        value.put("list", List.of(true, false, Map.of(), List.of()));
        assertThat(JsonReader.read(Json.of(value))).isEqualTo(value);
    }

    @Test
    void whatIsNoNumberIsWrittenAsNull() {
        assertThat(Json.of(Double.NaN)).isEqualTo("null\n");
    }

    @Test
    void escapesAreRead() {
        assertThat(JsonReader.read("\"\\u00e4\\/\\b\"")).isEqualTo("ä/\b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1,]", "{\"a\" 1}", "\"open", "nul", "1 2", "{,}"})
    void whatIsNoJsonIsRefused(String text) {
        assertThatThrownBy(() -> JsonReader.read(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSessionIsReadFromItsJson() {
        SessionFacts facts = SessionFacts.of(JsonReader.object("""
                {"sessionId":"s","startMode":"clone","startMillis":1070,"vm":"agrt-x","usage":{"cpuSeconds":1.234567891,
                "peakMemoryBytes":1048576}}"""));
        assertThat(facts.startMode()).isEqualTo("clone");
        assertThat(facts.startTime()).hasMillis(1070);
        assertThat(facts.cpuNanos()).isEqualTo(1_234_567_891L);
        assertThat(facts.peakBytes()).isEqualTo(1 << 20);
    }

    @Test
    void aSessionThatIsNotThereYetIsToldOf() {
        assertThatThrownBy(() -> SessionFacts.of(Map.of("usage", Map.of()))).isInstanceOf(BenchmarkException.class);
    }
}
