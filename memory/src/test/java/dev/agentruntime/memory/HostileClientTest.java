package dev.agentruntime.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What no client of AWS's would send is refused with a reason, and nothing of it is kept. */
class HostileClientTest extends MemoryTestBase {

    private String memory;

    @BeforeEach
    void make() {
        memory = memory("assistant");
    }

    private HttpResponse<String> write(String members) throws Exception {
        return send("POST", "/memories/" + memory + "/events", "{\"actorId\": \"alice\", \"sessionId\": \"s1\", \"eventTimestamp\": 1795780800, \"payload\": [], " + members + "}");
    }

    private void assertRefused(HttpResponse<String> answer, int status, String... parts) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(parts).hasSizeLessThan(20_000);
        assertThat(database.select("SELECT event_id FROM memory_event")).isEmpty();
    }

    @Test
    void tenMegabytes() throws Exception {
        assertRefused(write("\"x\": \"" + "x".repeat(10 << 20) + "\""), 413, "more than 2097152 bytes");
        assertRefused(write("\"payload\": [{\"conversational\": {\"role\": \"USER\", \"content\": {\"text\": \"" + "x".repeat(100_001) + "\"}}}]"), 400, "1 to 100000 characters");
    }

    @Test
    void aThousandMetadataKeys() throws Exception {
        String metadata = IntStream.range(0, 1_000).mapToObj(i -> "\"k" + i + "\": {\"stringValue\": \"v\"}").collect(Collectors.joining(", "));
        assertRefused(write("\"metadata\": {" + metadata + "}"), 400, "metadata must have 15 at most entries");
        assertRefused(write("\"metadata\": {\"" + "k".repeat(129) + "\": {\"stringValue\": \"v\"}}"), 400, "128");
        assertRefused(write("\"metadata\": {\"k\": {\"stringValue\": \"" + "v".repeat(257) + "\"}}"), 400, "256");
        assertRefused(write("\"metadata\": {\"k\": \"v\"}"), 400, "metadata.k must be an object");
    }

    @Test
    void aHundredAndOnePayloads() throws Exception {
        String payload = IntStream.range(0, 101).mapToObj(i -> "{\"blob\": 1}").collect(Collectors.joining(", "));
        assertRefused(send("POST", "/memories/" + memory + "/events", "{\"actorId\": \"alice\", \"eventTimestamp\": 1, \"payload\": [" + payload + "]}"), 400, "100 at most elements");
    }

    @Test
    void anEventThatIsNone() throws Exception {
        for (String time : List.of("-1", "1e30", "1e-99", "\"now\"", "253402300800", "null", "1e999999999")) {
            assertRefused(send("POST", "/memories/" + memory + "/events", "{\"actorId\": \"alice\", \"payload\": [], \"eventTimestamp\": " + time + "}"), 400, "eventTimestamp");
        }
        assertRefused(write("\"payload\": [{\"blob\": 1, \"conversational\": {\"role\": \"USER\", \"content\": {\"text\": \"x\"}}}]"), 400, "exactly one of");
        assertRefused(write("\"extractionMode\": \"PERHAPS\""), 400, "extractionMode");
        assertRefused(write("\"payload\": [{\"blob\": \"\\ud800\"}]"), 400, "surrogate");
        assertRefused(write("\"payload\": [{\"blob\": {\"\\u0000\": 1}}]"), 400, "NUL");
        assertRefused(write("\"payload\": [{\"blob\": " + "[".repeat(150) + "]".repeat(150) + "}]"), 400, "nested");
        assertRefused(write("\"payload\": [{\"blob\": 1e9999999}]"), 400, "message");
        assertRefused(send("POST", "/memories/" + memory + "/events", "[".repeat(100_000)), 400, "no JSON");
        assertRefused(send("POST", "/memories/" + memory + "/events", "\u0001"), 400, "no JSON");
    }

    @Test
    void namesThatAreNone() throws Exception {
        for (String actor : List.of("..", "alice%2F..", "%2e%2e", "alice%00", "alice%5C..", "alice%20x", "%25", "alice'--", "a".repeat(256))) {
            assertRefused(send("POST", "/memories/" + memory + "/actor/" + actor + "/sessions", "{}"), 400, "actorId");
        }
        for (String session : List.of("a%2Fb", "-a", "a%23", "s".repeat(101))) {
            assertRefused(send("POST", "/memories/" + memory + "/actor/alice/sessions/" + session, "{}"), 400, "sessionId");
        }
        for (String name : List.of("assistant", "x%2F..%2F" + memory, "assistant-' OR 1=1", "arn:aws:s3:::" + memory)) {
            assertRefused(send("POST", "/memories/" + name.replace(" ", "%20") + "/actors", "{}"), 400, "memoryId");
        }
        assertRefused(send("GET", "/memories/" + memory + "/actor/alice/sessions/s1/events/1%23x", ""), 400, "eventId");
        assertRefused(send("GET", "/memories/" + memory + "/actor/alice/sessions/s1/events/" + "1".repeat(5_000) + "%23a", ""), 404, "no event");
    }

    @Test
    void tokensOfAnyLength() throws Exception {
        HttpResponse<String> first = write("\"clientToken\": \"" + "t".repeat(1_000_000) + "\"");
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(write("\"clientToken\": \"" + "t".repeat(1_000_000) + "\"").body()).isEqualTo(first.body());
    }

    @Test
    void listsThatAreNone() throws Exception {
        for (String body : List.of("{\"maxResults\": 0}", "{\"maxResults\": 101}", "{\"maxResults\": 1.5}", "{\"nextToken\": 1}", "{\"filter\": {\"branch\": {}}}",
                "{\"filter\": {\"eventMetadata\": []}}", "{\"filter\": {\"eventMetadata\": [{\"left\": {}, \"operator\": \"EXISTS\"}]}}", "{\"includePayloads\": \"yes\"}")) {
            assertRefused(send("POST", "/memories/" + memory + "/actor/alice/sessions/s1", body), 400, "FieldValidationFailed");
        }
    }
}
