package dev.agentruntime.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Filters by metadata, in lists and in what is found. Client libraries of the tests are older than these members. */
class MetadataFilterTest extends MemoryTestBase {

    private String memory;

    @BeforeEach
    void make() throws Exception {
        memory = memory("assistant");
        String records = "{\"records\": [%s, %s]}".formatted(
                record("one", "\"rank\": {\"numberValue\": 3}, \"topic\": {\"stringValue\": \"food\"}, \"tags\": {\"stringListValue\": [\"a\", \"b\"]}, \"day\": {\"dateTimeValue\": 1000}"),
                record("two", "\"rank\": {\"numberValue\": 7.5}, \"topic\": {\"stringValue\": \"travel\"}"));
        assertThat(send("POST", "/memories/" + memory + "/memoryRecords/batchCreate", records).body()).contains("\"failedRecords\":[]");
    }

    private static String record(String text, String metadata) {
        return "{\"requestIdentifier\": \"r\", \"namespaces\": [], \"timestamp\": 1795780800, \"content\": {\"text\": \"tea " + text + "\"}, \"metadata\": {" + metadata + "}}";
    }

    private static String filter(String key, String operator, String right) {
        return "[{\"left\": {\"metadataKey\": \"" + key + "\"}, \"operator\": \"" + operator + "\"" + (right.isEmpty() ? "" : ", \"right\": {\"metadataValue\": {" + right + "}}") + "}]";
    }

    private HttpResponse<String> list(String filters) throws Exception {
        return send("POST", "/memories/" + memory + "/memoryRecords", "{\"metadataFilters\": " + filters + "}");
    }

    @Test
    void eachOperatorHoldsForValuesOfItsKind() throws Exception {
        assertFound("rank", "EQUALS_TO", "\"numberValue\": 3.0", "one");
        assertFound("rank", "GREATER_THAN", "\"numberValue\": 3", "two");
        assertFound("rank", "GREATER_THAN_OR_EQUALS", "\"numberValue\": 3", "one", "two");
        assertFound("rank", "LESS_THAN", "\"numberValue\": 7.5", "one");
        assertFound("rank", "LESS_THAN_OR_EQUALS", "\"numberValue\": 7.5", "one", "two");
        assertFound("topic", "EQUALS_TO", "\"stringValue\": \"food\"", "one");
        assertFound("topic", "EQUALS_TO", "\"stringValue\": \"Food\"");
        assertFound("topic", "EQUALS_TO", "\"numberValue\": 3");
        assertFound("tags", "CONTAINS", "\"stringValue\": \"b\"", "one");
        assertFound("tags", "CONTAINS", "\"stringValue\": \"c\"");
        assertFound("tags", "EQUALS_TO", "\"stringListValue\": [\"a\", \"b\"]", "one");
        assertFound("day", "BEFORE", "\"dateTimeValue\": 1001", "one");
        assertFound("day", "AFTER", "\"dateTimeValue\": 1000");
        assertFound("day", "EXISTS", "", "one");
        assertFound("day", "NOT_EXISTS", "", "two");
    }

    /** In the list and among what is found. */
    private void assertFound(String key, String operator, String right, String... texts) throws Exception {
        String filters = filter(key, operator, right);
        String listed = list(filters).body();
        String found = send("POST", "/memories/" + memory + "/retrieve", "{\"searchCriteria\": {\"searchQuery\": \"tea\", \"metadataFilters\": " + filters + "}}").body();
        for (String text : List.of("one", "two")) {
            boolean isThere = List.of(texts).contains(text);
            assertThat(listed.contains("tea " + text)).as(filters + ": " + listed).isEqualTo(isThere);
            assertThat(found.contains("tea " + text)).as(filters + ": " + found).isEqualTo(isThere);
        }
    }

    @Test
    void allOfSeveralMustHold() throws Exception {
        String both = filter("rank", "GREATER_THAN", "\"numberValue\": 1").replace("]", "") + ", " + filter("topic", "EQUALS_TO", "\"stringValue\": \"food\"").replace("[", "");
        assertThat(list(both).body()).contains("tea one").doesNotContain("tea two");
    }

    @Test
    void aFilterThatCannotHoldIsTold() throws Exception {
        assertThat(list(filter("rank", "GREATER_THAN", "\"stringValue\": \"3\"")).body()).contains("must be a numberValue with GREATER_THAN");
        assertThat(list(filter("rank", "BEFORE", "\"numberValue\": 3")).body()).contains("must be a dateTimeValue with BEFORE");
        assertThat(list(filter("tags", "CONTAINS", "\"numberValue\": 3")).body()).contains("must be a stringValue with CONTAINS");
        assertThat(list(filter("rank", "EQUALS_TO", "")).body()).contains("right is required");
        assertThat(list(filter("rank", "LIKE", "")).statusCode()).isEqualTo(400);
        assertThat(list("[" + filter("a", "EXISTS", "").replaceAll("[\\[\\]]", "") + (", " + filter("a", "EXISTS", "").replaceAll("[\\[\\]]", "")).repeat(5) + "]").body()).contains("1 to 5 elements");
    }
}
