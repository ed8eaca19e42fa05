package dev.agentruntime.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.bedrockagentcore.model.MemoryRecordCreateInput;
import software.amazon.awssdk.services.bedrockagentcore.model.MemoryRecordOutput;
import software.amazon.awssdk.services.bedrockagentcore.model.MemoryRecordSummary;
import software.amazon.awssdk.services.bedrockagentcore.model.MemoryRecordUpdateInput;
import software.amazon.awssdk.services.bedrockagentcore.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.MemoryStrategyInput;

class WhoMayKnowTest extends MemoryTestBase {

    private String memory;
    private String facts;
    private String ofBob;

    @BeforeEach
    void make() {
        var made = control.createMemory(r -> r.name("assistant").eventExpiryDuration(30)
                .memoryStrategies(MemoryStrategyInput.fromSemanticMemoryStrategy(s -> s.name("facts").namespaces("/facts/{actorId}/")))).memory();
        memory = made.id();
        facts = made.strategies().get(0).strategyId();
        ofBob = keep("/facts/bob/", facts, "Bob's tea").memoryRecordId();
        keep("/facts/alice/", facts, "Alice's tea");
        keep("/shared/", "", "everybody's tea");
        caller = invoker("alice");
    }

    private MemoryRecordOutput keep(String namespace, String strategy, String text) {
        MemoryRecordCreateInput.Builder record = MemoryRecordCreateInput.builder().requestIdentifier("r").content(c -> c.text(text)).timestamp(clock.instant());
        record.namespaces(namespace.isEmpty() ? List.of() : List.of(namespace));
        if (!strategy.isEmpty()) {
            record.memoryStrategyId(strategy);
        }
        var made = data.batchCreateMemoryRecords(r -> r.memoryId(memory).records(record.build()));
        return made.successfulRecords().isEmpty() ? made.failedRecords().get(0) : made.successfulRecords().get(0);
    }

    private List<String> found() {
        return data.retrieveMemoryRecords(r -> r.memoryId(memory).searchCriteria(c -> c.searchQuery("tea"))).memoryRecordSummaries().stream()
                .map(one -> one.content().text()).toList();
    }

    @Test
    void anInvokerKnowsWhatIsItsOwn() throws Exception {
        assertThat(found()).containsExactly("Alice's tea");
        assertThat(data.listMemoryRecords(r -> r.memoryId(memory)).memoryRecordSummaries()).extracting(MemoryRecordSummary::memoryRecordId).hasSize(1).doesNotContain(ofBob);
        for (String namespace : List.of("/facts/bob/", "/facts", "/", "/shared")) {
            assertThat(at(namespace, memory, "Bob's tea everybody")).as(namespace).doesNotContain("Bob's tea", "everybody's tea");
            assertThat(at(namespace, memory, "")).as(namespace).doesNotContain("Bob's tea", "everybody's tea");
        }
    }

    @Test
    void nobodyReadsChangesOrRemovesWhatIsAnothers() {
        assertThatThrownBy(() -> data.getMemoryRecord(r -> r.memoryId(memory).memoryRecordId(ofBob))).isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> data.deleteMemoryRecord(r -> r.memoryId(memory).memoryRecordId(ofBob))).isInstanceOf(ResourceNotFoundException.class);
        assertThat(data.batchDeleteMemoryRecords(r -> r.memoryId(memory).records(d -> d.memoryRecordId(ofBob))).failedRecords()).hasSize(1);
        assertThat(data.batchUpdateMemoryRecords(r -> r.memoryId(memory).records(MemoryRecordUpdateInput.builder().memoryRecordId(ofBob).timestamp(clock.instant())
                .content(c -> c.text("poison")).build())).failedRecords()).singleElement().satisfies(one -> assertThat(one.errorCode()).isEqualTo(404));
        caller = ADMIN;
        assertThat(data.getMemoryRecord(r -> r.memoryId(memory).memoryRecordId(ofBob)).memoryRecord().content().text()).isEqualTo("Bob's tea");
        assertThat(found()).hasSize(3);
    }

    @Test
    void nobodyWritesWhereAnothersRecordsAre() {
        for (String namespace : List.of("/facts/bob/", "/facts/alice/x/", "/facts/", "/shared/", "/facts/alice", "/facts/alicex/", "/actors/bob/", "/*")) {
            MemoryRecordOutput made = keep(namespace, facts, "poison");
            boolean isOwn = namespace.equals("/facts/alice");
            assertThat(made.statusAsString()).as(namespace).isEqualTo(isOwn ? "SUCCEEDED" : "FAILED");
            if (!isOwn) {
                assertThat(made.errorCode()).isEqualTo(403);
                assertThat(made.errorMessage()).contains("is not yours").contains("the actor alice");
            }
        }
        String own = keep("", "", "mine").memoryRecordId();
        assertThat(data.batchUpdateMemoryRecords(r -> r.memoryId(memory).records(MemoryRecordUpdateInput.builder().memoryRecordId(own).timestamp(clock.instant())
                .namespaces("/facts/bob/").memoryStrategyId(facts).build())).failedRecords()).singleElement().satisfies(one -> assertThat(one.errorCode()).isEqualTo(403));
        caller = invoker("bob");
        assertThat(found()).containsExactly("Bob's tea");
    }

    @Test
    void whatAnAdministratorMovesIsWhoseItIsThere() {
        String own = keep("", "", "my tea").memoryRecordId();
        caller = ADMIN;
        update(own, "", facts);
        caller = invoker("alice");
        assertThat(found()).as("no namespace tells of another").containsExactlyInAnyOrder("Alice's tea", "my tea");
        caller = ADMIN;
        update(own, "/facts/bob/", facts);
        caller = invoker("alice");
        assertThat(found()).containsExactly("Alice's tea");
        assertThatThrownBy(() -> data.getMemoryRecord(r -> r.memoryId(memory).memoryRecordId(own))).isInstanceOf(ResourceNotFoundException.class);
        caller = invoker("bob");
        assertThat(found()).containsExactlyInAnyOrder("Bob's tea", "my tea");
    }

    private void update(String id, String namespace, String strategy) {
        MemoryRecordUpdateInput.Builder change = MemoryRecordUpdateInput.builder().memoryRecordId(id).timestamp(clock.instant()).memoryStrategyId(strategy);
        if (!namespace.isEmpty()) {
            change.namespaces(namespace);
        }
        assertThat(data.batchUpdateMemoryRecords(r -> r.memoryId(memory).records(change.build())).failedRecords()).isEmpty();
    }

    @Test
    void nobodyButAnAdministratorKeepsMoreThanHasRoom() throws Exception {
        keep("", "", "mine");
        database.execute("INSERT INTO memory_record (memory_id, record_id, strategy_id, actor_id, namespace, state, content, metadata, request, token, revision,"
                + " recorded_at, created_at, updated_at) SELECT memory_id, 'mem-' || n.id, '', actor_id, '', state, content, metadata, '', '', 1000000 + n.id,"
                + " recorded_at, created_at, updated_at FROM memory_record CROSS JOIN (" + numbers(RecordChanges.MOST_OWN - 3) + ") n WHERE content = 'mine'");
        MemoryRecordOutput last = keep("", "", "the last");
        assertThat(last.statusAsString()).isEqualTo("SUCCEEDED");
        MemoryRecordOutput more = keep("", "", "one more");
        assertThat(more.errorCode()).isEqualTo(402);
        assertThat(more.errorMessage()).contains("10000 records");
        caller = ADMIN;
        assertThat(keep("/facts/alice/", facts, "told by an administrator").statusAsString()).isEqualTo("SUCCEEDED");
    }

    /** One to {@code most}, as both databases have them. */
    private static String numbers(int most) {
        return "SELECT a.x + 100 * b.x + 1 AS id FROM (" + hundred() + ") a CROSS JOIN (" + hundred() + ") b WHERE a.x + 100 * b.x < " + most;
    }

    private static String hundred() {
        return "SELECT * FROM (VALUES " + IntStream.range(0, 100).mapToObj(i -> "(" + i + ")").collect(Collectors.joining(", ")) + ") AS t (x)";
    }

    @Test
    void tokensAreEachCallersOwn() {
        var same = MemoryRecordCreateInput.builder().requestIdentifier("r").namespaces(List.of()).content(c -> c.text("mine")).timestamp(clock.instant()).build();
        var first = data.batchCreateMemoryRecords(r -> r.memoryId(memory).clientToken("t").records(same));
        caller = invoker("bob");
        assertThat(data.batchCreateMemoryRecords(r -> r.memoryId(memory).clientToken("t").records(same)).successfulRecords().get(0).memoryRecordId())
                .isNotEqualTo(first.successfulRecords().get(0).memoryRecordId());
    }
}
