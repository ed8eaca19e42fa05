package dev.agentruntime.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.JsonObject;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockagentcore.model.ActorSummary;
import software.amazon.awssdk.services.bedrockagentcore.model.Event;
import software.amazon.awssdk.services.bedrockagentcore.model.MetadataValue;
import software.amazon.awssdk.services.bedrockagentcore.model.PayloadType;
import software.amazon.awssdk.services.bedrockagentcore.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockagentcore.model.Role;
import software.amazon.awssdk.services.bedrockagentcore.model.SessionSummary;
import software.amazon.awssdk.services.bedrockagentcore.model.ValidationException;

class EventsTest extends MemoryTestBase {

    private String memory;

    @BeforeEach
    void make() {
        memory = memory("assistant");
    }

    private List<Event> all(String session) {
        return data.listEventsPaginator(r -> r.memoryId(memory).actorId("alice").sessionId(session).maxResults(2)).events().stream().toList();
    }

    private List<String> ids(String session) {
        return all(session).stream().map(Event::eventId).toList();
    }

    @Test
    void aConversationIsReadBackTheNewestFirst() {
        write(memory, "alice", "s1", "one");
        clock.pass(Duration.ofSeconds(1));
        Event both = data.createEvent(event(memory, "alice", "s1").payload(says(Role.USER, "two"), says(Role.ASSISTANT, "three")).build()).event();
        write(memory, "alice", "s1", "four");
        write(memory, "alice", "s2", "of another session");
        restart();
        assertThat(texts(all("s1"))).containsExactly("four", "two", "three", "one");
        assertThat(data.getEvent(r -> r.memoryId(memory).actorId("alice").sessionId("s1").eventId(both.eventId())).event()).isEqualTo(both);
        assertThat(both.payload().get(1).conversational().role()).isEqualTo(Role.ASSISTANT);
        assertThat(both.eventTimestamp()).isEqualTo(Instant.parse("2026-11-27T12:00:02Z"));
        assertThat(both.eventId()).isEqualTo("0000001795780802000#00000002");
    }

    @Test
    void pagesAreFullAndTheirEndIsKnown() {
        IntStream.range(0, 5).forEach(i -> write(memory, "alice", "s1", "text " + i));
        var first = data.listEvents(r -> r.memoryId(memory).actorId("alice").sessionId("s1").maxResults(3));
        assertThat(texts(first.events())).containsExactly("text 4", "text 3", "text 2");
        write(memory, "alice", "s1", "meanwhile");
        var second = data.listEvents(r -> r.memoryId(memory).actorId("alice").sessionId("s1").maxResults(2).nextToken(first.nextToken()));
        assertThat(texts(second.events())).containsExactly("text 1", "text 0");
        assertThat(second.nextToken()).isNull();
        for (String token : List.of("x", first.nextToken() + "x", "")) {
            assertThatThrownBy(() -> data.listEvents(r -> r.memoryId(memory).actorId("alice").sessionId("s2").nextToken(token)))
                    .as(token).isInstanceOf(ValidationException.class).hasMessageContaining("nextToken");
        }
    }

    @Test
    void eventsOfOneMillisecondStayInTheOrderInWhichTheyArrived() {
        List<String> written = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            written.add(0, data.createEvent(event(memory, "alice", "s1", "text " + i).build()).event().eventId());
        }
        assertThat(ids("s1")).containsExactlyElementsOf(written);
        assertThat(written).isSortedAccordingTo(java.util.Comparator.reverseOrder());
    }

    @Test
    void anEventOfThePastIsWhereItHappened() {
        write(memory, "alice", "s1", "now");
        data.createEvent(event(memory, "alice", "s1", "before").eventTimestamp(clock.instant().minus(Duration.ofDays(400))).build());
        assertThat(texts(all("s1"))).containsExactly("now", "before");
    }

    @Test
    void manyWritersOfOneSessionLoseNothing() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(3);
        try {
            List<Future<String>> written = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                String text = "text " + i;
                written.add(writers.submit(() -> data.createEvent(event(memory, "alice", "s1", text).build()).event().eventId()));
            }
            HashSet<String> ids = new HashSet<>();
            for (Future<String> one : written) {
                ids.add(one.get());
            }
            assertThat(ids).hasSize(24);
            assertThat(ids("s1")).containsExactlyInAnyOrderElementsOf(ids);
        } finally {
            writers.shutdownNow();
        }
    }

    @Test
    void aRequestThatIsSentAgainWritesNothingMore() {
        var same = event(memory, "alice", "s1", "hello").clientToken("the-same").build();
        Event first = data.createEvent(same).event();
        clock.pass(Duration.ofMinutes(1));
        assertThat(data.createEvent(same).event()).isEqualTo(first);
        assertThat(data.createEvent(same.toBuilder().sessionId("s2").payload(says(Role.USER, "other")).build()).event()).isEqualTo(first);
        assertThat(all("s1")).hasSize(1);
        assertThat(data.createEvent(same.toBuilder().actorId("bob").build()).event().eventId()).as("tokens are each actor's own").isEqualTo(first.eventId());
        assertThat(data.getEvent(r -> r.memoryId(memory).actorId("bob").sessionId("s1").eventId(first.eventId())).event().actorId()).isEqualTo("bob");
        data.deleteEvent(r -> r.memoryId(memory).actorId("alice").sessionId("s1").eventId(first.eventId()));
        assertThat(data.createEvent(same).event().eventId()).as("one that was deleted is no answer").isNotEqualTo(first.eventId());
    }

    @Test
    void aSessionThatIsNotNamedIsMade() {
        Event event = data.createEvent(event(memory, "alice", null, "hello").build()).event();
        assertThat(event.sessionId()).isNotBlank();
        assertThat(all(event.sessionId())).containsExactly(event);
    }

    @Test
    void anyJsonIsKeptAsItIs() {
        Document blob = Document.mapBuilder().putString("name", "Zo\u00eb \ud83d\ude00 \u0001").putNumber("price", 12.50).putNull("none")
                .putList("list", list -> list.addBoolean(true).addString("'; DROP TABLE memory_event; --")).build();
        Event written = data.createEvent(event(memory, "alice", "s1").payload(PayloadType.fromBlob(blob), PayloadType.fromBlob(Document.fromString("text"))).build()).event();
        Event read = data.getEvent(r -> r.memoryId(memory).actorId("alice").sessionId("s1").eventId(written.eventId())).event();
        assertThat(read.payload().get(0).blob().asMap().get("name").asString()).isEqualTo("Zo\u00eb \ud83d\ude00 \u0001");
        assertThat(read.payload().get(0).blob().asMap().get("list").asList().get(1).asString()).isEqualTo("'; DROP TABLE memory_event; --");
        assertThat(read.payload().get(1).blob().asString()).isEqualTo("text");
        assertThat(read).isEqualTo(written);
    }

    @Test
    void listsMayLeaveOutWhatWasSaid() {
        write(memory, "alice", "s1", "hello");
        assertThat(data.listEvents(r -> r.memoryId(memory).actorId("alice").sessionId("s1").includePayloads(false)).events()).singleElement()
                .satisfies(event -> assertThat(event.hasPayload()).isFalse());
        assertThat(texts(data.listEvents(r -> r.memoryId(memory).actorId("alice").sessionId("s1").includePayloads(true)).events())).containsExactly("hello");
    }

    private List<String> filtered(int most, String key, String operator, String... value) {
        return texts(data.listEventsPaginator(r -> r.memoryId(memory).actorId("alice").sessionId("s1").maxResults(most).filter(f -> f.eventMetadata(m -> {
            m.left(l -> l.metadataKey(key)).operator(operator);
            if (value.length > 0) {
                m.right(x -> x.metadataValue(v -> v.stringValue(value[0])));
            }
        }))).events().stream().toList());
    }

    @Test
    void listsAreFilteredByMetadata() {
        for (int i = 0; i < 6; i++) {
            String topic = i % 2 == 0 ? "travel" : "food";
            data.createEvent(event(memory, "alice", "s1", topic + i).metadata(Map.of("topic", MetadataValue.fromStringValue(topic))).build());
        }
        Event bare = write(memory, "alice", "s1", "bare");
        assertThat(bare.hasMetadata()).isFalse();
        assertThat(filtered(2, "topic", "EQUALS_TO", "travel")).containsExactly("travel4", "travel2", "travel0");
        assertThat(filtered(100, "topic", "EXISTS")).hasSize(6).doesNotContain("bare");
        assertThat(filtered(1, "topic", "NOT_EXISTS")).containsExactly("bare");
        assertThat(filtered(1, "Topic", "EXISTS")).isEmpty();
        assertThatThrownBy(() -> filtered(1, "topic", "EQUALS_TO")).isInstanceOf(ValidationException.class)
                .hasMessageContaining("filter.eventMetadata[0].right is required");
        assertThat(texts(data.listEvents(r -> r.memoryId(memory).actorId("alice").sessionId("s1").filter(f -> f.eventMetadata(
                m -> m.left(l -> l.metadataKey("topic")).operator("EXISTS"),
                m -> m.left(l -> l.metadataKey("topic")).operator("EQUALS_TO").right(x -> x.metadataValue(v -> v.stringValue("food")))))).events()))
                .containsExactly("food5", "food3", "food1");
    }

    @Test
    void aFilterThatFewPassGoesOnInTheNextPage() throws Exception {
        data.createEvent(event(memory, "alice", "s1", "found").metadata(Map.of("topic", MetadataValue.fromStringValue("x"))).build());
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < Events.MOST_LOOKED_AT; i++) {
            rows.append(i == 0 ? "" : ",").append("('").append(memory).append("', 'alice', 's1', '9").append(String.format("%018d", i))
                    .append("#00000001', '', NULL, 'WANTED', '{}', '[]', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, TIMESTAMP WITH TIME ZONE '2030-01-01 00:00:00+00')");
        }
        database.execute("INSERT INTO memory_event (memory_id, actor_id, session_id, event_id, branch, token, extraction, metadata, payload, event_at, created_at, expires_at)"
                + " VALUES " + rows);
        var first = data.listEvents(r -> r.memoryId(memory).actorId("alice").sessionId("s1").filter(f -> f.eventMetadata(m -> m.left(l -> l.metadataKey("topic")).operator("EXISTS"))));
        assertThat(first.events()).isEmpty();
        assertThat(first.nextToken()).isNotNull();
        assertThat(filtered(20, "topic", "EXISTS")).containsExactly("found");
    }

    @Test
    void anEventIsDeletedAlone() {
        Event first = write(memory, "alice", "s1", "one");
        write(memory, "alice", "s1", "two");
        assertThat(data.deleteEvent(r -> r.memoryId(memory).actorId("alice").sessionId("s1").eventId(first.eventId())).eventId()).isEqualTo(first.eventId());
        assertThat(texts(all("s1"))).containsExactly("two");
        assertThatThrownBy(() -> data.deleteEvent(r -> r.memoryId(memory).actorId("alice").sessionId("s1").eventId(first.eventId())))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> data.getEvent(r -> r.memoryId(memory).actorId("alice").sessionId("s1").eventId(first.eventId())))
                .isInstanceOf(ResourceNotFoundException.class).hasMessageContaining("no event " + first.eventId() + " in the session s1 of alice");
    }

    @Test
    void whatHasExpiredIsGoneAndNothingElseIs() throws Exception {
        write(memory, "alice", "s1", "old");
        clock.pass(Duration.ofDays(29));
        control.updateMemory(r -> r.memoryId(memory).eventExpiryDuration(3));
        write(memory, "alice", "s1", "new");
        assertThat(texts(all("s1"))).containsExactly("new", "old");
        clock.pass(Duration.ofDays(1));
        assertThat(texts(all("s1"))).as("before it is removed").containsExactly("new");
        room.tick();
        assertThat(database.select("SELECT event_id FROM memory_event")).hasSize(1);
        clock.pass(Duration.ofDays(3));
        room.tick();
        assertThat(database.select("SELECT event_id FROM memory_event")).isEmpty();
        assertThat(data.listSessions(r -> r.memoryId(memory).actorId("alice")).sessionSummaries()).as("the session is known still").hasSize(1);
        assertThat(send("POST", "/memories/" + memory + "/actor/alice/sessions", "{\"filter\": {\"eventFilter\": \"HAS_EVENTS\"}}").body()).isEqualTo("{\"sessionSummaries\":[]}");
        assertThat(control.getMemory(r -> r.memoryId(memory)).memory().eventExpiryDuration()).isEqualTo(3);
        assertThat(write(memory, "alice", "s1", "again").eventId()).as("numbers go on").endsWith("#00000003");
    }

    @Test
    void moreThanOneRoundOfExpiredEventsIsRemoved() throws Exception {
        IntStream.range(0, 5).forEach(i -> write(memory, "alice", "s1", "text " + i));
        clock.pass(Duration.ofDays(31));
        int removed = new MemoryStore(new dev.agentruntime.store.Database(database)).run(transaction -> new EventTable(transaction, clock.instant()).deleteExpired(2));
        assertThat(removed).isEqualTo(3);
        room.tick();
        assertThat(database.select("SELECT event_id FROM memory_event")).isEmpty();
    }

    @Test
    void sessionsAreListedTheNewestFirst() {
        for (String session : List.of("s3", "s1", "s2")) {
            write(memory, "alice", session, "hello");
        }
        write(memory, "bob", "of-bob", "hello");
        List<SessionSummary> sessions = data.listSessionsPaginator(r -> r.memoryId(memory).actorId("alice").maxResults(2)).sessionSummaries().stream().toList();
        assertThat(sessions).extracting(SessionSummary::sessionId).containsExactly("s2", "s1", "s3");
        assertThat(sessions).allMatch(session -> session.actorId().equals("alice"));
        assertThat(sessions.get(0).createdAt()).isAfter(sessions.get(2).createdAt());
    }

    @Test
    void sessionsOfOneMillisecondAreListedOnce() {
        IntStream.range(0, 5).forEach(i -> data.createEvent(event(memory, "alice", "s" + i, "hello").build()));
        assertThat(data.listSessionsPaginator(r -> r.memoryId(memory).actorId("alice").maxResults(2)).sessionSummaries().stream().map(SessionSummary::sessionId))
                .containsExactly("s0", "s1", "s2", "s3", "s4");
    }

    @Test
    void actorsAreListed() {
        for (String actor : List.of("bob", "alice", "team/carol:x")) {
            write(memory, actor, "s1", "hello");
            write(memory, actor, "s2", "hello");
        }
        assertThat(data.listActorsPaginator(r -> r.memoryId(memory).maxResults(1)).actorSummaries().stream().map(ActorSummary::actorId))
                .containsExactly("alice", "bob", "team/carol:x");
        assertThat(texts(data.listEvents(r -> r.memoryId(memory).actorId("team/carol:x").sessionId("s2")).events())).containsExactly("hello");
    }

    @Test
    void allThatIsAnActorsGoesWithOneCall() throws Exception {
        Event root = write(memory, "alice", "s1", "hello");
        data.createEvent(event(memory, "alice", "s1", "other").branch(b -> b.name("b1").rootEventId(root.eventId())).build());
        write(memory, "alice", "s2", "hello");
        write(memory, "bob", "s1", "hello");
        var deleted = send("DELETE", "/memories/" + memory + "/actors/alice", "");
        assertThat(deleted.statusCode()).isEqualTo(200);
        assertThat(deleted.body()).contains("\"deletedEvents\":3");
        for (String table : List.of("memory_session", "memory_branch", "memory_event")) {
            assertThat(database.select("SELECT actor_id FROM " + table)).as(table).doesNotContain("alice");
        }
        assertThat(data.listActors(r -> r.memoryId(memory)).actorSummaries()).extracting(ActorSummary::actorId).containsExactly("bob");
    }

    @Test
    void aPageEndsBeforeItsPayloadsTakeTheServersMemory() throws Exception {
        String large = "x".repeat(Events.MOST_CHARACTERS * 2 / 5);
        for (int i = 0; i < 5; i++) {
            clock.pass(Duration.ofSeconds(1));
            String body = "{\"actorId\": \"alice\", \"sessionId\": \"s1\", \"eventTimestamp\": " + clock.instant().getEpochSecond()
                    + ", \"metadata\": {\"k\": {\"stringValue\": \"v\"}}, \"payload\": [{\"blob\": \"" + i + large + "\"}]}";
            assertThat(send("POST", "/memories/" + memory + "/events", body).statusCode()).isEqualTo(201);
        }
        String filter = ", \"filter\": {\"eventMetadata\": [{\"left\": {\"metadataKey\": \"k\"}, \"operator\": \"EXISTS\"}]}";
        for (String how : List.of("", filter)) {
            JsonObject first = Views.object(send("POST", "/memories/" + memory + "/actor/alice/sessions/s1", "{\"maxResults\": 100" + how + "}").body());
            assertThat(Views.array(first, "events")).as(how).hasSize(3);
            JsonObject rest = Views.object(send("POST", "/memories/" + memory + "/actor/alice/sessions/s1",
                    "{\"maxResults\": 100, \"nextToken\": \"" + first.getString("nextToken") + "\"" + how + "}").body());
            assertThat(Views.array(rest, "events")).as(how).hasSize(2);
            assertThat(rest).doesNotContainKey("nextToken");
        }
        assertThat(data.listEvents(r -> r.memoryId(memory).actorId("alice").sessionId("s1").includePayloads(false)).events()).hasSize(5);
    }

    @Test
    void pagesOfEventsWithTheirPayloadsAreReadInParts() {
        List<String> all = IntStream.range(0, 25).mapToObj(i -> "text " + i).toList();
        all.forEach(text -> write(memory, "alice", "s1", text));
        List<String> newest = new ArrayList<>(all);
        Collections.reverse(newest);
        for (int most : List.of(9, 10, 11, 20, 25, 100)) {
            assertThat(texts(data.listEventsPaginator(r -> r.memoryId(memory).actorId("alice").sessionId("s1").maxResults(most)).events().stream().toList()))
                    .as("in pages of " + most).isEqualTo(newest);
        }
    }

    @Test
    void anEventThatIsWrittenWhileItsActorIsDeletedLeavesNothingBehind() throws Exception {
        write(memory, "alice", "s1", "hello");
        Erasure erasure = new Erasure(new MemoryStore(new dev.agentruntime.store.Database(database)), clock);
        Thread deleting = new Thread(() -> erasure.actor(memory, "alice"));
        try (Connection writer = database.open(); Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.executeQuery("SELECT last_event FROM memory_session WHERE actor_id = 'alice' FOR UPDATE").close();
            deleting.start();
            deleting.join(200); // so that it waits for the session; where it has not come so far yet, it has nothing to wait for
            statement.executeUpdate("INSERT INTO memory_event SELECT memory_id, actor_id, session_id, '9#1', branch, 'other', extraction, metadata, payload, event_at, created_at,"
                    + " expires_at FROM memory_event");
            writer.commit();
        }
        deleting.join();
        assertThat(database.select("SELECT event_id FROM memory_event")).isEmpty();
        assertThat(database.select("SELECT session_id FROM memory_session")).isEmpty();
    }
}
