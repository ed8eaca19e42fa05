package dev.agentruntime.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.requests.Page;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records that no client of AWS's would send, and questions that none would ask, are refused with a reason. */
class HostileRecordsTest extends MemoryTestBase {

    private String memory;

    @BeforeEach
    void make() {
        memory = memory("assistant");
    }

    private HttpResponse<String> ask(String operation, String body) throws Exception {
        return send("POST", "/memories/" + memory + operation, body);
    }

    private void assertRefused(HttpResponse<String> answer, int status, String... parts) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(parts).hasSizeLessThan(20_000);
        assertThat(database.select("SELECT record_id FROM memory_record")).isEmpty();
    }

    private static String record(String text, String namespaces, String metadata) {
        return "{\"requestIdentifier\": \"r\", \"namespaces\": [" + namespaces + "], \"timestamp\": 1795780800, \"content\": {\"text\": \"" + text + "\"}"
                + (metadata.isEmpty() ? "" : ", \"metadata\": {" + metadata + "}") + "}";
    }

    private HttpResponse<String> keep(String records) throws Exception {
        return ask("/memoryRecords/batchCreate", "{\"records\": [" + records + "]}");
    }

    @Test
    void moreThanThereMayBe() throws Exception {
        assertRefused(keep(record("x".repeat(3 << 20), "", "")), 413, "more than 2097152 bytes");
        assertRefused(keep(record("x".repeat(16_001), "", "")), 400, "records[0].content.text", "1 to 16000 characters");
        assertRefused(keep(record("", "", "")), 400, "records[0].content.text");
        assertRefused(keep(IntStream.range(0, 101).mapToObj(i -> record("x", "", "")).collect(Collectors.joining(", "))), 400, "100 at most elements");
        String metadata = IntStream.range(0, 1_000).mapToObj(i -> "\"k" + i + "\": {\"stringValue\": \"v\"}").collect(Collectors.joining(", "));
        assertRefused(keep(record("x", "", metadata)), 400, "1 to 20 entries");
        assertRefused(keep(record("x", "", "\"k\": {\"numberValue\": 1e999999999}")), 400, "message");
        assertRefused(keep(record("x", "", "\"k\": {\"stringListValue\": [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\"]}")), 400, "1 to 5 elements");
        assertRefused(keep(record("x", "", "\"k\": {\"stringValue\": \"v\", \"numberValue\": 1}")), 400, "exactly one of");
        assertRefused(keep("null"), 400, "records[0] must be an object");
        assertRefused(ask("/memoryRecords/batchUpdate", "{\"records\": [{\"memoryRecordId\": \"mem-1\", \"timestamp\": 1}]}"), 400, "memoryRecordId");
    }

    @Test
    void namespacesThatAreNone() throws Exception {
        for (String namespace : List.of("/actors/../bob/", "/actors/%2e%2e/bob/", "/actors/bob%2F", "/actors/bob\\u0000/", "/actors/bob'--/", "/actors/b b/", "", "/" + "a".repeat(1_024))) {
            assertRefused(keep(record("x", "\"" + namespace + "\"", "")), 400, "records[0].namespaces[0]");
            assertRefused(ask("/memoryRecords", "{\"namespacePath\": \"" + namespace + "\"}"), 400, "namespacePath");
            assertRefused(ask("/retrieve", "{\"namespace\": \"" + namespace + "\", \"searchCriteria\": {\"searchQuery\": \"x\"}}"), 400, "namespace");
        }
        assertRefused(keep(record("x", "\"/a/\", \"/b/\"", "")), 400, "1 at most elements");
    }

    @Test
    void questionsThatAreNone() throws Exception {
        for (String criteria : List.of("\"topK\": 0", "\"topK\": 101", "\"topK\": 1.5", "\"searchQuery\": \"\"", "\"searchQuery\": \"" + "x".repeat(10_001) + "\"",
                "\"metadataFilters\": []", "\"memoryStrategyId\": \"../x\"")) {
            assertRefused(ask("/retrieve", "{\"searchCriteria\": {\"searchQuery\": \"x\", " + criteria + "}}"), 400, "FieldValidationFailed");
        }
        assertRefused(ask("/retrieve", "{}"), 400, "searchCriteria");
    }

    @Test
    void tokensThatAreNone() throws Exception {
        for (String place : List.of("", "x", "-1 mem-a", "9223372036854775807 mem-a", "1 mem-a\0", "1 mem-' OR 1=1", "1")) {
            assertRefused(ask("/memoryRecords", "{\"nextToken\": \"" + Page.token("records " + memory, place) + "\"}"), 400, "nextToken");
        }
        for (String place : List.of("", "-1", "99999999999", "1.5", "x")) {
            assertRefused(ask("/retrieve", "{\"searchCriteria\": {\"searchQuery\": \"x\"}, \"nextToken\": \"" + Page.token("found " + memory + " " + Ids.digest("x"), place) + "\"}"),
                    400, "nextToken");
        }
        assertThat(ask("/retrieve", "{\"searchCriteria\": {\"searchQuery\": \"x\"}, \"nextToken\": \"" + Page.token("found " + memory + " " + Ids.digest("x"), "9999") + "\"}").statusCode())
                .as("beyond the end").isEqualTo(200);
        for (String place : List.of("x", "-1 s1", "9223372036854775807 s1")) {
            assertRefused(send("POST", "/memories/" + memory + "/actor/alice/sessions", "{\"nextToken\": \"" + Page.token("sessions " + memory + " alice", place) + "\"}"), 400, "nextToken");
        }
    }

    @Test
    void idsOfRecordsThatAreNone() throws Exception {
        for (String id : List.of("mem-1", "mem-" + "a".repeat(47), "x".repeat(40), "mem-%2e%2e%2f" + "a".repeat(36), "mem-" + "a".repeat(40) + "'--")) {
            assertRefused(send("GET", "/memories/" + memory + "/memoryRecord/" + id, ""), 400, "memoryRecordId");
            assertRefused(send("DELETE", "/memories/" + memory + "/memoryRecords/" + id, ""), 400, "memoryRecordId");
        }
        assertRefused(send("GET", "/memories/" + memory + "/memoryRecord/" + Ids.record(), ""), 404, "no record");
    }

    @Test
    void wordsOfAnyKindAreKeptAndFound() throws Exception {
        assertThat(keep(record("\\u0001 🍵 café <b>&amp;</b> 東京", "", "")).body()).contains("\"failedRecords\":[]");
        assertThat(ask("/retrieve", "{\"searchCriteria\": {\"searchQuery\": \"東京\"}}").body()).contains("café").contains("🍵");
        assertThat(ask("/retrieve", "{\"searchCriteria\": {\"searchQuery\": \"🍵 \\u0001\"}}").statusCode()).isEqualTo(200);
        assertThat(keep(record("half \\ud800", "", "")).body()).contains("surrogate");
    }
}
