package dev.agentruntime.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers, times and values of any form. */
class KindsOfShapesTest {

    private final Shapes shapes = Shapes.load(KindsOfShapesTest.class, "kinds.json");

    private static JsonObject json(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    private List<FieldProblem> problems(String text) {
        return Check.of(shapes, "Thing", json(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"score\": 0.75}", "{\"score\": -1e10}", "{\"at\": 1795780800}", "{\"at\": 1795780800.123}", "{\"at\": 0}", "{\"any\": null}", "{\"any\": \"\"}",
            "{\"any\": [1, {\"x\": [true, null]}]}", "{\"any\": 1e200}", "{\"named\": {\"a\": {\"score\": 1}}}"})
    void whatFitsHasNoProblem(String text) {
        assertThat(problems(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"score\": \"1\"}", "{\"score\": 1e999}", "{\"at\": -1}", "{\"at\": \"2026-11-27T12:00:00Z\"}", "{\"at\": 253402300800}", "{\"at\": 1e-400}",
            "{\"any\": \"\\ud800\"}", "{\"any\": {\"\\u0000\": 1}}", "{\"any\": 1e5000}", "{\"named\": {\"a\": 1}}"})
    void whatDoesNotFitHasOne(String text) {
        assertThat(problems(text)).singleElement().satisfies(problem -> assertThat(problem.message()).startsWith("must"));
    }

    @Test
    void valuesOfAnyFormAreNestedOnlySoDeeply() {
        assertThat(problems("{\"any\": " + "[".repeat(100) + "]".repeat(100) + "}")).isEmpty();
        assertThat(problems("{\"any\": " + "[".repeat(102) + "]".repeat(102) + "}")).singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("100 levels"));
    }

    @Test
    void ofAValueOfAnyFormNothingIsLeftOutAndOfEntriesWhatIsNotKnown() {
        JsonObject given = json("{\"any\": {\"x\": {\"y\": 1}}, \"named\": {\"a\": {\"score\": 1, \"other\": 2}}, \"other\": 3}");
        assertThat(new KnownMembers(shapes).of("Thing", given)).isEqualTo(json("{\"any\": {\"x\": {\"y\": 1}}, \"named\": {\"a\": {\"score\": 1}}}"));
    }

    @Test
    void aTokenIsOfItsListOnly() {
        assertThat(Page.after("events", Page.token("events", "a\nb"))).isEqualTo("a\nb");
        assertThatThrownBy(() -> Page.after("sessions", Page.token("events", "a"))).isInstanceOf(InputException.class);
    }
}
