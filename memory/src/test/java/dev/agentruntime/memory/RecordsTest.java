package dev.agentruntime.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.bedrockagentcore.model.BatchCreateMemoryRecordsResponse;
import software.amazon.awssdk.services.bedrockagentcore.model.MemoryRecord;
import software.amazon.awssdk.services.bedrockagentcore.model.MemoryRecordCreateInput;
import software.amazon.awssdk.services.bedrockagentcore.model.MemoryRecordOutput;
import software.amazon.awssdk.services.bedrockagentcore.model.MemoryRecordSummary;
import software.amazon.awssdk.services.bedrockagentcore.model.MemoryRecordUpdateInput;
import software.amazon.awssdk.services.bedrockagentcore.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockagentcore.model.RetrieveMemoryRecordsRequest;
import software.amazon.awssdk.services.bedrockagentcore.model.ValidationException;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.MemoryStrategyInput;

class RecordsTest extends MemoryTestBase {

    private String memory;
    private String facts;

    @BeforeEach
    void make() {
        var made = control.createMemory(r -> r.name("assistant").eventExpiryDuration(30)
                .memoryStrategies(MemoryStrategyInput.fromSemanticMemoryStrategy(s -> s.name("facts").namespaces("/facts/{actorId}/")))).memory();
        memory = made.id();
        facts = made.strategies().get(0).strategyId();
    }

    private MemoryRecordCreateInput record(String request, String namespace, String text) {
        return MemoryRecordCreateInput.builder().requestIdentifier(request).namespaces(namespace).content(c -> c.text(text)).timestamp(clock.instant()).build();
    }

    private String keep(String namespace, String text) {
        clock.pass(Duration.ofSeconds(1));
        var made = data.batchCreateMemoryRecords(r -> r.memoryId(memory).records(record("r", namespace, text)));
        assertThat(made.failedRecords()).isEmpty();
        return made.successfulRecords().get(0).memoryRecordId();
    }

    private List<String> found(Consumer<RetrieveMemoryRecordsRequest.Builder> how, String question) {
        RetrieveMemoryRecordsRequest.Builder request = RetrieveMemoryRecordsRequest.builder().memoryId(memory).searchCriteria(c -> c.searchQuery(question).topK(10));
        how.accept(request);
        return data.retrieveMemoryRecords(request.build()).memoryRecordSummaries().stream().map(one -> one.content().text()).toList();
    }

    private static List<String> texts(Iterable<MemoryRecordSummary> records) {
        List<String> texts = new ArrayList<>();
        records.forEach(record -> texts.add(record.content().text()));
        return texts;
    }

    @Test
    void oneIsMadeShownChangedAndRemoved() throws Exception {
        String id = keep("/facts/alice/", "Alice likes tea.");
        assertThat(id).hasSizeBetween(40, 50).startsWith("mem-");
        MemoryRecord shown = data.getMemoryRecord(r -> r.memoryId(memory).memoryRecordId(id)).memoryRecord();
        assertThat(shown.content().text()).isEqualTo("Alice likes tea.");
        assertThat(shown.namespaces()).containsExactly("/facts/alice/");
        assertThat(shown.createdAt()).isEqualTo(clock.instant());
        assertThat(found(r -> { }, "who likes tea?")).containsExactly("Alice likes tea.");
        var changed = data.batchUpdateMemoryRecords(r -> r.memoryId(memory).records(MemoryRecordUpdateInput.builder().memoryRecordId(id).timestamp(clock.instant())
                .content(c -> c.text("Alice likes coffee now.")).build()));
        assertThat(changed.successfulRecords()).extracting(MemoryRecordOutput::memoryRecordId).containsExactly(id);
        assertThat(found(r -> { }, "tea")).isEmpty();
        assertThat(found(r -> { }, "coffee")).containsExactly("Alice likes coffee now.");
        restart();
        assertThat(data.getMemoryRecord(r -> r.memoryId(memory).memoryRecordId(id)).memoryRecord().namespaces()).as("what was not given stays").containsExactly("/facts/alice/");
        assertThat(data.deleteMemoryRecord(r -> r.memoryId(memory).memoryRecordId(id)).memoryRecordId()).isEqualTo(id);
        assertThat(found(r -> { }, "coffee")).isEmpty();
        assertThatThrownBy(() -> data.getMemoryRecord(r -> r.memoryId(memory).memoryRecordId(id))).isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> data.deleteMemoryRecord(r -> r.memoryId(memory).memoryRecordId(id))).isInstanceOf(ResourceNotFoundException.class);
        assertThat(database.select("SELECT record_id FROM memory_record")).isEmpty();
    }

    @Test
    void ofManyEachSucceedsOrFailsAlone() {
        BatchCreateMemoryRecordsResponse made = data.batchCreateMemoryRecords(r -> r.memoryId(memory).records(record("first", "/facts/alice/", "one"),
                record("second", "/facts//alice/", "two"), record("third", "/facts/alice/", "three").toBuilder().memoryStrategyId("none").build(),
                record("fourth", "/facts/alice/", "four").toBuilder().memoryStrategyId(facts).build()));
        assertThat(made.successfulRecords()).extracting(MemoryRecordOutput::requestIdentifier).containsExactly("first", "fourth");
        assertThat(made.failedRecords()).extracting(MemoryRecordOutput::requestIdentifier).containsExactly("second", "third");
        assertThat(made.failedRecords().get(0).errorMessage()).contains("two slashes");
        assertThat(made.failedRecords().get(1).errorMessage()).contains("has no strategy none");
        String there = made.successfulRecords().get(0).memoryRecordId();
        String never = Ids.record();
        var deleted = data.batchDeleteMemoryRecords(r -> r.memoryId(memory).records(d -> d.memoryRecordId(never), d -> d.memoryRecordId(there)));
        assertThat(deleted.successfulRecords()).extracting(MemoryRecordOutput::memoryRecordId).containsExactly(there);
        assertThat(deleted.failedRecords()).singleElement().satisfies(one -> assertThat(one.errorCode()).isEqualTo(404));
        assertThat(texts(data.listMemoryRecordsPaginator(r -> r.memoryId(memory)).memoryRecordSummaries())).containsExactly("four");
    }

    @Test
    void aRequestThatIsSentAgainMakesNothingMore() {
        Consumer<software.amazon.awssdk.services.bedrockagentcore.model.BatchCreateMemoryRecordsRequest.Builder> same =
                r -> r.memoryId(memory).clientToken("the-same").records(record("a", "/facts/alice/", "one"), record("b", "/facts/alice/", "two"));
        var first = data.batchCreateMemoryRecords(same);
        assertThat(data.batchCreateMemoryRecords(same).successfulRecords()).hasSize(2).isEqualTo(first.successfulRecords());
        assertThat(data.listMemoryRecords(r -> r.memoryId(memory)).memoryRecordSummaries()).hasSize(2);
    }

    @Test
    void listsAreTheNewestFirstInPages() {
        IntStream.range(0, 5).forEach(i -> keep("/facts/alice/", "text " + i));
        assertThat(texts(data.listMemoryRecordsPaginator(r -> r.memoryId(memory).maxResults(2)).memoryRecordSummaries()))
                .containsExactly("text 4", "text 3", "text 2", "text 1", "text 0");
    }

    @Test
    void aPathIsNoPrefix() throws Exception {
        keep("/actors/al/", "of al, tea");
        keep("/actors/alice/", "of alice, tea");
        keep("/actors/alice/trips/", "of alice's trips, tea");
        keep("/actorsX", "of somebody else, tea");
        assertThat(found(r -> r.namespace("/actors/al"), "tea")).hasSize(3);
        for (String path : List.of("/actors/al", "/actors/al/")) {
            assertThat(at(path, memory, "tea")).containsExactly("of al, tea");
            assertThat(at(path, memory, "")).containsExactly("of al, tea");
        }
        assertThat(at("/actors/alice", memory, "tea")).containsExactlyInAnyOrder("of alice, tea", "of alice's trips, tea");
        assertThat(at("/actors", memory, "tea")).hasSize(3);
        assertThat(at("/", memory, "tea")).hasSize(4);
        assertThat(at("/", memory, "")).hasSize(4);
        assertThat(texts(data.listMemoryRecords(r -> r.memoryId(memory).namespace("/actors/al")).memoryRecordSummaries())).hasSize(3);
        assertThat(at("/actors/alice", memory, "")).hasSize(2);
    }

    @Test
    void anUnderscoreOfANamespaceIsOne() {
        keep("/a_b/", "under, tea");
        keep("/axb/", "other, tea");
        assertThat(texts(data.listMemoryRecords(r -> r.memoryId(memory).namespace("/a_b")).memoryRecordSummaries())).containsExactly("under, tea");
        assertThat(found(r -> r.namespace("/a_b"), "tea")).containsExactly("under, tea");
        assertThat(texts(data.listMemoryRecords(r -> r.memoryId(memory).namespace("/*")).memoryRecordSummaries())).isEmpty();
    }

    @Test
    void theBestAnswerIsFirst() {
        keep("/facts/alice/", "The weather in Lisbon was fine.");
        keep("/facts/alice/", "Alice is allergic to peanuts and to shellfish.");
        keep("/facts/alice/", "She prefers window seats on trains.");
        keep("/facts/alice/", "Peanuts are on the shopping list.");
        var best = data.retrieveMemoryRecords(r -> r.memoryId(memory).searchCriteria(c -> c.searchQuery("What is Alice allergic to, peanuts?").topK(2))).memoryRecordSummaries();
        assertThat(texts(best)).containsExactly("Alice is allergic to peanuts and to shellfish.", "Peanuts are on the shopping list.");
        assertThat(best.get(0).score()).isBetween(best.get(1).score(), 1.0);
        assertThat(found(r -> { }, "the of and")).as("words that say nothing").isEmpty();
        assertThat(found(r -> { }, "train seat")).as("forms of a word").containsExactly("She prefers window seats on trains.");
        assertThat(found(r -> { }, "text:[* TO *] OR \"(( AND -alice^9 /x/ ~")).as("no language of its own").hasSize(1);
        assertThat(found(r -> { }, "peanuts " + "word ".repeat(1_900))).hasSize(2);
    }

    @Test
    void answersComeInPagesToo() {
        IntStream.range(0, 7).forEach(i -> keep("/facts/alice/", "tea " + i));
        List<String> pages = texts(data.retrieveMemoryRecordsPaginator(r -> r.memoryId(memory).maxResults(2).searchCriteria(c -> c.searchQuery("tea").topK(5))).memoryRecordSummaries());
        assertThat(pages).as("of those that are equally good the newest first").containsExactly("tea 6", "tea 5", "tea 4", "tea 3", "tea 2");
        assertThatThrownBy(() -> data.retrieveMemoryRecords(r -> r.memoryId(memory).nextToken("x").searchCriteria(c -> c.searchQuery("tea")))).isInstanceOf(ValidationException.class);
    }

    @Test
    void memoriesAndStrategiesAreLookedAtAlone() {
        String other = memory("other");
        data.batchCreateMemoryRecords(r -> r.memoryId(other).records(record("r", "/facts/alice/", "tea of another memory")));
        data.batchCreateMemoryRecords(r -> r.memoryId(memory).records(record("r", "/facts/alice/", "tea of a strategy").toBuilder().memoryStrategyId(facts).build()));
        keep("/facts/alice/", "tea of none");
        assertThat(found(r -> r.searchCriteria(c -> c.searchQuery("tea").memoryStrategyId(facts)), "")).containsExactly("tea of a strategy");
        assertThat(found(r -> { }, "tea")).hasSize(2);
        assertThat(texts(data.listMemoryRecords(r -> r.memoryId(memory).memoryStrategyId(facts)).memoryRecordSummaries())).containsExactly("tea of a strategy");
    }

    @Test
    void allThatIsAnActorsGoesFromTheIndexToo() throws Exception {
        keep("/facts/alice/", "tea of nobody known");
        data.batchCreateMemoryRecords(r -> r.memoryId(memory).records(record("r", "/facts/alice/", "tea of alice").toBuilder().memoryStrategyId(facts).build(),
                record("r", "/facts/bob/", "tea of bob").toBuilder().memoryStrategyId(facts).build()));
        assertThat(send("DELETE", "/memories/" + memory + "/actors/alice", "").body()).contains("\"deletedRecords\":1");
        assertThat(found(r -> { }, "tea")).containsExactlyInAnyOrder("tea of bob", "tea of nobody known");
        assertThat(database.select("SELECT content FROM memory_record")).doesNotContain("tea of alice");
        control.deleteMemory(r -> r.memoryId(memory));
        clock.pass(Erasure.SETTLED.plusSeconds(1));
        room.tick();
        assertThat(database.select("SELECT content FROM memory_record")).isEmpty();
        assertThat(database.select("SELECT id FROM memory_resource")).isEmpty();
    }

    @Test
    void aPathWithSomethingTooLongForAnActorIsNobodys() throws Exception {
        String id = keep("/actors/" + "a".repeat(300) + "/", "tea");
        keep("/actors/" + "b".repeat(255) + "/", "tea");
        assertThat(database.select("SELECT actor_id FROM memory_record ORDER BY actor_id")).containsExactly("", "b".repeat(255));
        assertThat(data.getMemoryRecord(r -> r.memoryId(memory).memoryRecordId(id)).memoryRecord().content().text()).isEqualTo("tea");
    }

    @Test
    void aFilterThatFewOfTheBestPassIsAskedOfTheRestToo() throws Exception {
        for (int some = 0; some < 5; some++) {
            data.batchCreateMemoryRecords(r -> r.memoryId(memory).records(IntStream.range(0, 100).mapToObj(i -> record("r" + i, "/a/", "tea " + i)).toList()));
        }
        String body = "{\"records\": [{\"requestIdentifier\": \"r\", \"namespaces\": [\"/a/\"], \"timestamp\": 1, \"content\": {\"text\": \"tea and a lot of other words, so that it comes last\"},"
                + " \"metadata\": {\"k\": {\"stringValue\": \"v\"}}}]}";
        assertThat(send("POST", "/memories/" + memory + "/memoryRecords/batchCreate", body).statusCode()).isEqualTo(201);
        var found = send("POST", "/memories/" + memory + "/retrieve", "{\"searchCriteria\": {\"searchQuery\": \"tea\", \"topK\": 3,"
                + " \"metadataFilters\": [{\"left\": {\"metadataKey\": \"k\"}, \"operator\": \"EXISTS\"}]}}");
        assertThat(Views.array(Views.object(found.body()), "memoryRecordSummaries")).singleElement().asString().contains("comes last");
    }
}
