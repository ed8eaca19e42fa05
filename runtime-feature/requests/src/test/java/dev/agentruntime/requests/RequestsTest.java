package dev.agentruntime.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.RoomOperations.Answer;
import dev.agentruntime.api.RoomOperations.Request;
import dev.agentruntime.api.Subject;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestsTest {

    private static final Shapes SHAPES = Shapes.load(RequestsTest.class, "test-facts.json", "test-additions.json");
    private static final Shapes.Operation PUT = SHAPES.operations().get("PutThing");
    private static final String LEAST = "{\"name\":\"a\"}";

    private static JsonObject input(Map<String, List<String>> query, InputStream body) {
        return new Requests(SHAPES).input(PUT, new Request(Map.of("thingId", "id"), query, name -> Optional.empty(), body, Optional.empty(),
                new Caller(new Subject("https://idp.test", "alice"), true)));
    }

    private static JsonObject input(byte[] body) {
        return input(Map.of(), new ByteArrayInputStream(body));
    }

    private static JsonObject input(String body) {
        return input(body.getBytes(StandardCharsets.UTF_8));
    }

    private static InputException refused(String body) {
        InputException refused = catchThrowableOfType(InputException.class, () -> input(body));
        assertThat(refused).as(body).isNotNull();
        return refused;
    }

    @Test
    void anOperationIsAsTheFactsHaveIt() {
        assertThat(PUT).isEqualTo(new Shapes.Operation("PutThing", "PUT", "/things/{thingId}/", 202, "PutThingRequest"));
        assertThat(SHAPES.operations()).containsOnlyKeys("PutThing", "ListThings");
        assertThat(SHAPES.structure("ListThingsRequest").members()).containsOnlyKeys("maxResults", "nextToken");
        assertThatThrownBy(() -> SHAPES.shape("None")).isInstanceOf(IllegalStateException.class).hasMessage("There is no shape None.");
    }

    @Test
    void pathQueryAndBodyAreOneInput() {
        JsonObject input = input(Map.of("clientToken", List.of("t", "other"), "tags", List.of("a", "b"), "unknown", List.of("x")),
                new ByteArrayInputStream("{\"name\":\"n\",\"count\":7,\"on\":true,\"list\":[\"x\"],\"map\":{\"k\":\"v\"},\"kind\":\"B\"}".getBytes(StandardCharsets.UTF_8)));
        assertThat(input).hasToString("{\"thingId\":\"id\",\"token\":\"t\",\"tags\":[\"a\",\"b\"],\"count\":7,\"name\":\"n\",\"on\":true,\"list\":[\"x\"],\"map\":{\"k\":\"v\"},\"kind\":\"B\"}");
    }

    @Test
    void whatNoShapeKnowsIsLeftOutAndNullIsNothing() {
        assertThat(input("{\"name\":\"n\",\"more\":{\"deep\":1},\"count\":null,\"inside\":{\"thingId\":\"i\",\"name\":\"n\",\"more\":1,\"on\":null}}"))
                .hasToString("{\"thingId\":\"id\",\"name\":\"n\",\"inside\":{\"thingId\":\"i\",\"name\":\"n\"}}");
        assertThat(refused("{\"name\":null}").getMessage()).isEqualTo("name is required");
        assertThat(refused("").getMessage()).isEqualTo("name is required");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"name\":\"\"}                                      | name must have 1 to 5 characters",
        "{\"name\":\"abcdef\"}                                | name must have 1 to 5 characters",
        "{\"name\":7}                                         | name must be text",
        "{\"name\":\"a\\u0000\"}                              | name must not have the character NUL",
        "{\"name\":\"\\ud800\"}                               | name must not have half of a surrogate pair, which is no character",
        "{\"name\":\"a\",\"kind\":\"C\"}                      | kind must be one of A, B",
        "{\"name\":\"a\",\"count\":0}                         | count must be 1 to 100",
        "{\"name\":\"a\",\"count\":1e2}                       | ",
        "{\"name\":\"a\",\"count\":1e9}                       | count must be 1 to 100",
        "{\"name\":\"a\",\"count\":1e999}                     | count must be a whole number",
        "{\"name\":\"a\",\"count\":1.5}                       | count must be a whole number",
        "{\"name\":\"a\",\"count\":\"1\"}                     | count must be a whole number",
        "{\"name\":\"a\",\"on\":\"true\"}                     | on must be true or false",
        "{\"name\":\"a\",\"list\":[]}                         | list must have 1 to 2 elements",
        "{\"name\":\"a\",\"list\":[\"a\",\"\"]}               | list[1] must have 1 to 5 characters",
        "{\"name\":\"a\",\"list\":{}}                         | list must be a list",
        "{\"name\":\"a\",\"map\":{\"abcdef\":\"\"}}           | map.key must have 1 to 5 characters; map.abcdef must have 1 to 5 characters",
        "{\"name\":\"a\",\"map\":{\"a\":\"a\",\"b\":\"b\",\"c\":\"c\"}} | map must have 2 at most entries",
        "{\"name\":\"a\",\"place\":{}}                        | place must have exactly one of the members here, there",
        "{\"name\":\"a\",\"place\":{\"here\":\"a\",\"there\":\"b\"}} | place must have exactly one of the members here, there",
        "{\"name\":\"a\",\"inside\":[]}                       | inside must be an object",
        "{\"name\":\"a\",\"inside\":{}}                       | inside.thingId is required; inside.name is required"})
    void whatIsWrongIsNamedByItsField(String body, String problem) {
        if (problem == null) {
            assertThat(input(body)).containsKey("count");
        } else {
            InputException refused = refused(body);
            assertThat(refused).hasMessage(problem).returns(400, InputException::status).returns(InputException.Reason.FIELD_VALIDATION_FAILED, InputException::reason);
            assertThat(Check.text(refused.fields())).isEqualTo(problem);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[1]", "7", "null", "{} {}", "{\"name\":\"a\"} x", "{\"a\":1e99999999999}", "\"text\""})
    void whatIsNoJsonObjectCannotBeParsed(String body) {
        assertThat(refused(body)).returns(400, InputException::status).returns(InputException.Reason.CANNOT_PARSE, InputException::reason);
    }

    @Test
    void aBodyIsNestedNoDeeperThanItsParserGoesAndIsUtf8() {
        assertThat(refused("{\"a\":".repeat(5000)).reason()).isEqualTo(InputException.Reason.CANNOT_PARSE);
        assertThatThrownBy(() -> input(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'})).isInstanceOf(InputException.class).hasMessage("The body is not UTF-8.");
        assertThatThrownBy(() -> input(Map.of(), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("cut");
            }
        })).isInstanceOf(InputException.class).hasMessage("The body did not arrive: cut");
    }

    @Test
    void aBodyHasABound() {
        String most = LEAST + " ".repeat(Requests.MOST_BYTES - LEAST.length());
        assertThat(input(most)).containsKey("name");
        assertThat(refused(most + " ")).returns(413, InputException::status).hasMessage("The body has more than 2097152 bytes.");
    }

    @Test
    void noMoreProblemsAreToldThanOneCanReadAndNumbersOfAQueryAreNumbers() {
        String many = "{\"name\":\"a\",\"inside\":".repeat(30) + "{}" + "}".repeat(30);
        assertThat(refused(many).fields()).hasSize(20);
        Requests requests = new Requests(SHAPES);
        for (String wrong : List.of("0", "101", "x", "", "1.5", "99999999999999999999")) {
            assertThatThrownBy(() -> requests.input(SHAPES.operations().get("ListThings"), new Request(Map.of(), Map.of("maxResults", List.of(wrong)), name -> Optional.empty(),
                    InputStream.nullInputStream(), Optional.empty(), new Caller(new Subject("https://idp.test", "alice"), true)))).as(wrong).isInstanceOf(InputException.class);
        }
    }

    @Test
    void aRefusalIsAsClientsReadIt() {
        Answer answer = ErrorAnswer.of(refused("{\"name\":\"\"}"));
        assertThat(answer).returns(400, Answer::status).returns(Map.of("x-amzn-ErrorType", "ValidationException"), Answer::headers);
        assertThat(answer.body()).isEqualTo("{\"message\":\"name must have 1 to 5 characters\",\"reason\":\"FieldValidationFailed\","
                + "\"fieldList\":[{\"name\":\"name\",\"message\":\"must have 1 to 5 characters\"}]}");
        assertThat(ErrorAnswer.of(404, "ResourceNotFoundException", "none").body()).isEqualTo("{\"message\":\"none\"}");
    }
}
