package dev.agentruntime.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryClientTest {

    private static final String EVENTS = "POST /memories/desk-1/actor/alice%2Fa/sessions/s";

    private final ScriptedServer server = new ScriptedServer();
    private final MemoryClient memories = AgentRuntimeClient.at(server.endpoint()).build().memories();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aMemoryIsMadeOnceAndKnownByItsId() {
        server.on("POST /memories/create", 202, "{\"memory\":{\"id\":\"desk-aB3\",\"name\":\"desk\",\"eventExpiryDuration\":30,\"strategies\":[{\"name\":\"a\"}]}}");
        assertThat(memories.create(Json.createObjectBuilder().add("name", "desk").build())).returns("desk-aB3", MemoryInfo::id).returns(30, MemoryInfo::expiryDays)
                .satisfies(made -> assertThat(made.strategies()).hasSize(1));
        assertThat(server.last().text()).matches("\\{\"name\":\"desk\",\"clientToken\":\"[0-9a-f-]{36}\"}");
        server.on("DELETE /memories/desk-aB3/delete", 202, "{\"memoryId\":\"desk-aB3\",\"status\":\"DELETING\"}");
        memories.delete("desk-aB3");
        assertThat(server.last().target()).matches("/memories/desk-aB3/delete\\?clientToken=[0-9a-f-]{36}");
    }

    @Test
    void anAnswerWithoutAMemoryIsNoneOfThisProduct() {
        server.on("GET /memories/desk-1/details", 200, "{}");
        assertThatThrownBy(() -> memories.memory("desk-1")).isInstanceOf(UnexpectedAnswerException.class).hasMessageContaining("no 'memory'");
    }

    @Test
    void aNameIsReadFromAnIdWhereAListDoesNotSayIt() {
        server.on("POST /memories/", 200, "{\"memories\":[{\"id\":\"desk_1-configured\",\"status\":\"ACTIVE\",\"readOnly\":true}]}");
        assertThat(memories.memories()).singleElement().returns("desk_1", MemoryInfo::name).returns(true, MemoryInfo::readOnly);
    }

    @Test
    void eventsAreReadUntilThereAreEnough() {
        server.on(EVENTS, exchange -> ScriptedServer.send(exchange, 200, server.last().text().contains("nextToken")
                ? "{\"events\":[{\"eventId\":\"b\"},{\"eventId\":\"a\"}],\"nextToken\":\"m\"}" : "{\"events\":[{\"eventId\":\"c\"}],\"nextToken\":\"n\"}"));
        assertThat(memories.events("desk-1", "alice/a", "s", 2)).extracting(MemoryEvent::id).containsExactly("c", "b");
        assertThat(server.last().text()).isEqualTo("{\"maxResults\":2,\"nextToken\":\"n\"}");
        assertThat(server.asked()).hasSize(2);
    }

    @Test
    void anEventSaysWhatWasSaidAndWhatItsJsonIs() {
        server.on(EVENTS, 200, """
                {"events":[{"eventTimestamp":1795676400.127,"branch":{"name":"other"},"payload":[{"conversational":{"role":"USER","content":{"text":"Hi"}}},
                {"blob":{"a":1}},{"blob":"text"},{"conversational":{"role":"TOOL"}},{}]}]}""");
        assertThat(memories.events("desk-1", "alice/a", "s", 5)).singleElement().returns("other", MemoryEvent::branch)
                .returns(Optional.of(Instant.ofEpochMilli(1_795_676_400_127L)), MemoryEvent::time)
                .satisfies(event -> assertThat(event.items()).containsExactly(new MemoryEvent.Item("USER", "Hi"), new MemoryEvent.Item("", "{\"a\":1}"),
                        new MemoryEvent.Item("", "text"), new MemoryEvent.Item("TOOL", ""), new MemoryEvent.Item("", "null")));
    }

    @Test
    void actorsAndSessionsAreListed() {
        server.on("POST /memories/desk-1/actors", 200, "{\"actorSummaries\":[{\"actorId\":\"alice\"}]}")
                .on("POST /memories/desk-1/actor/alice/sessions", 200, "{\"sessionSummaries\":[{\"sessionId\":\"s\",\"createdAt\":1795676400.000}]}");
        assertThat(memories.actors("desk-1", 100)).containsExactly("alice");
        assertThat(memories.sessions("desk-1", "alice", 100)).singleElement().returns("s", MemorySession::id)
                .returns(Optional.of(Instant.ofEpochSecond(1_795_676_400L)), MemorySession::createdAt);
    }

    @Test
    void aMemoryIsChangedOnce() {
        server.on("PUT /memories/desk-1/update", 202, "{\"memory\":{\"id\":\"desk-1\",\"eventExpiryDuration\":7}}");
        assertThat(memories.update("desk-1", Json.createObjectBuilder().add("eventExpiryDuration", 7).build()).expiryDays()).isEqualTo(7);
        assertThat(server.last().text()).matches("\\{\"eventExpiryDuration\":7,\"clientToken\":\"[0-9a-f-]{36}\"}");
    }

    @Test
    void recordsAreReadInPagesAndFoundInOne() {
        String record = "{\"memoryRecordId\":\"mem-1\",\"content\":{\"text\":\"late\"},\"namespaces\":[\"/a\"],\"createdAt\":1795676400.000}";
        server.on("POST /memories/desk-1/memoryRecords", exchange -> ScriptedServer.send(exchange, 200, "{\"memoryRecordSummaries\":[" + record + "]"
                + (server.last().text().contains("nextToken") ? "}" : ",\"nextToken\":\"n\"}")));
        assertThat(memories.records("desk-1", "", 1000)).hasSize(2).first().returns("mem-1", MemoryRecord::id).returns("late", MemoryRecord::text)
                .returns(List.of("/a"), MemoryRecord::namespaces).returns(Optional.of(Instant.ofEpochSecond(1_795_676_400L)), MemoryRecord::time);
        assertThat(server.last().text()).isEqualTo("{\"maxResults\":100,\"nextToken\":\"n\"}");
        server.on("POST /memories/desk-1/retrieve", 200, "{\"memoryRecordSummaries\":[{}]}");
        assertThat(memories.search("desk-1", "late?", "/a", 5)).singleElement().returns("", MemoryRecord::text).returns(Optional.empty(), MemoryRecord::time);
        assertThat(server.last().text()).isEqualTo("{\"namespacePath\":\"/a\",\"searchCriteria\":{\"searchQuery\":\"late?\",\"topK\":5},\"maxResults\":5}");
    }

    @Test
    void whatIsForgottenIsNamedInThePath() {
        server.on("DELETE /memories/desk-1/actors/team%2Falice", 200, "{\"deletedEvents\":2,\"deletedRecords\":1}").on("DELETE /memories/desk-1/memoryRecords/mem-1", 200, "{}");
        assertThat(memories.deleteActor("desk-1", "team/alice").getInt("deletedEvents")).isEqualTo(2);
        memories.deleteRecord("desk-1", "mem-1");
        assertThat(server.last().method()).isEqualTo("DELETE");
    }

    @Test
    void whetherTheFeatureIsThereIsTold() {
        assertThat(memories.isThere()).isFalse();
        server.on("POST /memories/", 403, "{\"message\":\"This needs the role agent-admin\"}");
        assertThat(memories.isThere()).as("but not for this caller").isTrue();
    }
}
