package dev.agentruntime.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.RoomOperations.Who;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.bedrockagentcore.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.ConflictException;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.CustomMemoryStrategyInput;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.Memory;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.MemoryStatus;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.MemoryStrategy;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.MemoryStrategyInput;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.MemoryStrategyStatus;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.MemoryStrategyType;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.MemorySummary;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.ModifyMemoryStrategyInput;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.OverrideType;
import software.amazon.awssdk.services.bedrockagentcorecontrol.model.ValidationException;

class MemoriesTest extends MemoryTestBase {

    private static MemoryStrategyInput semantic(String name, String... templates) {
        return MemoryStrategyInput.fromSemanticMemoryStrategy(s -> {
            s.name(name);
            if (templates.length > 0) {
                s.namespaces(templates);
            }
        });
    }

    private Memory with(MemoryStrategyInput... strategies) {
        return control.createMemory(r -> r.name("assistant").eventExpiryDuration(30).memoryStrategies(strategies)).memory();
    }

    private void assertRefused(Runnable request, String... parts) {
        assertThatThrownBy(request::run).isInstanceOf(ValidationException.class).hasMessageContainingAll(parts);
    }

    @Test
    void oneIsMadeShownChangedAndDeletedWithAllThatWasInIt() throws Exception {
        Memory made = control.createMemory(r -> r.name("assistant").description("of the desk").eventExpiryDuration(7)).memory();
        assertThat(made.id()).matches("assistant-[a-zA-Z0-9]{10}");
        assertThat(made.arn()).isEqualTo("arn:aws:bedrock-agentcore:us-east-1:123456789012:memory/" + made.id());
        assertThat(made.status()).isEqualTo(MemoryStatus.ACTIVE);
        assertThat(made.createdAt()).isEqualTo(clock.instant());
        write(made.id(), "alice", "s1", "hello");
        clock.pass(Duration.ofMillis(1500));
        Memory changed = control.updateMemory(r -> r.memoryId(made.id()).description("of the other desk").eventExpiryDuration(365)).memory();
        assertThat(changed.updatedAt()).isEqualTo(clock.instant());
        restart();
        Memory shown = control.getMemory(r -> r.memoryId(made.id())).memory();
        assertThat(shown).isEqualTo(changed);
        assertThat(shown.description()).isEqualTo("of the other desk");
        assertThat(shown.eventExpiryDuration()).isEqualTo(365);
        assertThat(control.deleteMemory(r -> r.memoryId(made.id())).status()).isEqualTo(MemoryStatus.DELETING);
        room.tick();
        assertThat(control.getMemory(r -> r.memoryId(made.id())).memory().status()).isEqualTo(MemoryStatus.DELETING);
        assertThat(database.select("SELECT event_id FROM memory_event")).isEmpty();
        clock.pass(Erasure.SETTLED.plusSeconds(1));
        room.tick();
        assertThatThrownBy(() -> control.getMemory(r -> r.memoryId(made.id())))
                .isInstanceOf(software.amazon.awssdk.services.bedrockagentcorecontrol.model.ResourceNotFoundException.class);
        for (String table : List.of("memory_resource", "memory_session", "memory_branch", "memory_event", "memory_record")) {
            assertThat(database.select("SELECT memory_table.* FROM " + table + " memory_table")).as(table).isEmpty();
        }
    }

    @Test
    void oneThatIsBeingDeletedTakesNothingAndKeepsItsNameUntilItIsGone() {
        String id = memory("assistant");
        control.deleteMemory(r -> r.memoryId(id));
        assertThatThrownBy(() -> write(id, "alice", "s1", "hello")).isInstanceOf(ResourceNotFoundException.class).hasMessageContaining("is being deleted");
        assertThat(control.deleteMemory(r -> r.memoryId(id)).status()).isEqualTo(MemoryStatus.DELETING);
        assertThatThrownBy(() -> control.updateMemory(r -> r.memoryId(id).eventExpiryDuration(9)))
                .isInstanceOf(software.amazon.awssdk.services.bedrockagentcorecontrol.model.ResourceNotFoundException.class);
        assertThatThrownBy(() -> memory("assistant")).isInstanceOf(ConflictException.class);
        clock.pass(Erasure.SETTLED.plusSeconds(1));
        room.tick();
        assertThat(memory("assistant")).isNotEqualTo(id);
    }

    @Test
    void aNameIsTakenOnce() {
        memory("assistant");
        assertThatThrownBy(() -> memory("assistant")).isInstanceOf(ConflictException.class).hasMessageContaining("of the name assistant already");
    }

    @Test
    void aRequestThatIsSentAgainMakesNothingMore() {
        Consumer<software.amazon.awssdk.services.bedrockagentcorecontrol.model.CreateMemoryRequest.Builder> same =
                r -> r.name("assistant").eventExpiryDuration(30).clientToken("one-and-the-same-token-of-36-characters");
        String id = control.createMemory(same).memory().id();
        assertThat(control.createMemory(same).memory().id()).isEqualTo(id);
        assertThat(control.listMemories(r -> { }).memories()).hasSize(1);
        assertRefused(() -> control.createMemory(r -> r.name("other").eventExpiryDuration(30).clientToken("one-and-the-same-token-of-36-characters")), "clientToken");
    }

    @Test
    void theListIsGivenInPages() {
        IntStream.range(0, 5).forEach(i -> memory("memory" + i));
        assertThat(control.listMemoriesPaginator(r -> r.maxResults(2)).memories().stream().map(MemorySummary::id).map(id -> id.substring(0, 7)))
                .containsExactly("memory0", "memory1", "memory2", "memory3", "memory4");
    }

    @Test
    void whatExpiresTooSoonOrTooLateIsRefused() throws Exception {
        for (int days : new int[] {2, 366, 0, -1}) {
            assertRefused(() -> control.createMemory(r -> r.name("assistant").eventExpiryDuration(days)), "eventExpiryDuration");
        }
        assertThat(send("POST", "/memories/create", "{\"name\": \"1x\", \"eventExpiryDuration\": 3}").body()).contains("name must match the pattern");
        assertThat(send("POST", "/memories/create", "{\"name\": \"" + "x".repeat(49) + "\", \"eventExpiryDuration\": 3}").statusCode()).isEqualTo(400);
    }

    @Test
    void eachKindOfStrategyHasItsOwnPlaceForRecords() {
        List<MemoryStrategy> made = with(semantic("facts"), MemoryStrategyInput.fromUserPreferenceMemoryStrategy(s -> s.name("tastes")),
                MemoryStrategyInput.fromSummaryMemoryStrategy(s -> s.name("summaries")),
                MemoryStrategyInput.fromEpisodicMemoryStrategy(s -> s.name("episodes").reflectionConfiguration(f -> f.namespaces("/lessons/{actorId}/"))))
                .strategies();
        assertThat(made).extracting(MemoryStrategy::type).containsExactly(MemoryStrategyType.SEMANTIC, MemoryStrategyType.USER_PREFERENCE,
                MemoryStrategyType.SUMMARIZATION, MemoryStrategyType.EPISODIC);
        assertThat(made).extracting(MemoryStrategy::status).containsOnly(MemoryStrategyStatus.ACTIVE);
        assertThat(made.get(0).strategyId()).matches("facts-[a-zA-Z0-9]{10}");
        assertThat(made.get(0).namespaces()).containsExactly("/strategies/{memoryStrategyId}/actors/{actorId}/").isEqualTo(made.get(1).namespaces());
        assertThat(made.get(2).namespaces()).containsExactly("/strategies/{memoryStrategyId}/actors/{actorId}/sessions/{sessionId}/").isEqualTo(made.get(3).namespaces());
        assertThat(made.get(3).configuration().reflection().episodicReflectionConfiguration().namespaces()).containsExactly("/lessons/{actorId}/");
    }

    @Test
    void aCustomStrategyHasAPromptAndAModelOfItsOwn() {
        MemoryStrategy made = with(MemoryStrategyInput.fromCustomMemoryStrategy(CustomMemoryStrategyInput.builder().name("own")
                .configuration(c -> c.semanticOverride(o -> o.extraction(e -> e.appendToPrompt("Only orders.").modelId("m1"))
                        .consolidation(e -> e.appendToPrompt("Newest first.").modelId("m2")))).build())).strategies().get(0);
        assertThat(made.type()).isEqualTo(MemoryStrategyType.CUSTOM);
        assertThat(made.configuration().type()).isEqualTo(OverrideType.SEMANTIC_OVERRIDE);
        assertThat(made.configuration().extraction().customExtractionConfiguration().semanticExtractionOverride().appendToPrompt()).isEqualTo("Only orders.");
        assertThat(made.configuration().consolidation().customConsolidationConfiguration().semanticConsolidationOverride().modelId()).isEqualTo("m2");
        String id = control.listMemories(r -> { }).memories().get(0).id();
        ModifyMemoryStrategyInput change = ModifyMemoryStrategyInput.builder().memoryStrategyId(made.strategyId()).configuration(c -> c.extraction(e -> e
                .customExtractionConfiguration(x -> x.semanticExtractionOverride(o -> o.appendToPrompt("Only invoices.").modelId("m3"))))).build();
        MemoryStrategy changed = control.updateMemory(r -> r.memoryId(id).memoryStrategies(s -> s.modifyMemoryStrategies(change))).memory().strategies().get(0);
        assertThat(changed.configuration().extraction().customExtractionConfiguration().semanticExtractionOverride().modelId()).isEqualTo("m3");
        assertThat(changed.configuration().consolidation()).isEqualTo(made.configuration().consolidation());
        assertRefused(() -> control.updateMemory(r -> r.memoryId(id).memoryStrategies(s -> s.modifyMemoryStrategies(m -> m.memoryStrategyId(made.strategyId())
                .configuration(c -> c.extraction(e -> e.customExtractionConfiguration(x -> x.userPreferenceExtractionOverride(o -> o.appendToPrompt("x").modelId("m")))))))),
                "modifyMemoryStrategies[0].configuration.extraction", "does not fit");
    }

    @Test
    void strategiesAreAddedChangedAndTakenAway() {
        Memory made = with(semantic("facts"), semantic("others"));
        String first = made.strategies().get(0).strategyId();
        String second = made.strategies().get(1).strategyId();
        clock.pass(Duration.ofSeconds(5));
        Memory changed = control.updateMemory(r -> r.memoryId(made.id()).memoryStrategies(s -> s
                .modifyMemoryStrategies(m -> m.memoryStrategyId(first).description("new").namespaces("/facts/{actorId}/"))
                .deleteMemoryStrategies(d -> d.memoryStrategyId(second))
                .addMemoryStrategies(semantic("others")))).memory();
        assertThat(changed.strategies()).extracting(MemoryStrategy::name).containsExactly("facts", "others");
        assertThat(changed.strategies().get(0).namespaces()).containsExactly("/facts/{actorId}/");
        assertThat(changed.strategies().get(0).updatedAt()).isAfter(changed.strategies().get(0).createdAt());
        assertThat(changed.strategies().get(1).strategyId()).isNotEqualTo(second);
        assertRefused(() -> control.updateMemory(r -> r.memoryId(made.id()).memoryStrategies(s -> s.deleteMemoryStrategies(d -> d.memoryStrategyId(second)))),
                "deleteMemoryStrategies[0].memoryStrategyId");
    }

    @Test
    void strategiesAreFewAndOfDifferentNames() {
        assertRefused(() -> with(semantic("facts"), semantic("facts")), "two strategies of the name facts");
        assertRefused(() -> with(IntStream.range(0, 7).mapToObj(i -> semantic("facts" + i)).toArray(MemoryStrategyInput[]::new)), "6 at most");
    }

    @Test
    void aPlaceForRecordsIsOnePath() throws Exception {
        assertRefused(() -> with(semantic("facts", "/a//{actorId}/")), "semanticMemoryStrategy.namespaces[0]", "two slashes");
        assertRefused(() -> with(semantic("facts", "/a/{actorId}{sessionId}/")), "between two braces");
        for (String text : List.of("/a/../b", "/a%2Fb", "/a/{other}/", "/a b")) {
            assertRefused(() -> with(semantic("facts", text)), "namespaces[0] must match the pattern");
        }
        assertRefused(() -> with(MemoryStrategyInput.fromSummaryMemoryStrategy(s -> s.name("summaries").namespaces("/a/{actorId}/"))), "{sessionId}");
        String both = "{\"name\": \"x\", \"eventExpiryDuration\": 30, \"memoryStrategies\": [{\"semanticMemoryStrategy\": {\"name\": \"facts\", \"namespaces\": [\"/a/\"],"
                + " \"namespaceTemplates\": [\"%s\"]}}]}";
        assertThat(send("POST", "/memories/create", both.formatted("/b/")).body()).contains("must be the same as namespaces");
        assertThat(send("POST", "/memories/create", both.formatted("//")).body()).contains("must be the same as namespaces");
        assertThat(control.listMemories(r -> { }).memories()).isEmpty();
    }

    @Test
    void whatOnlyAwsHasIsRefusedAndNotForgotten() throws Exception {
        String made = "{\"name\": \"assistant\", \"eventExpiryDuration\": 30, %s}";
        assertThat(send("POST", "/memories/create", made.formatted("\"encryptionKeyArn\": \"arn:aws:kms:us-east-1:123456789012:key/1\"")).body()).contains("KMS");
        assertThat(send("POST", "/memories/create", made.formatted("\"tags\": {\"team\": \"red\"}")).body()).contains("agent runtimes and endpoints only");
        assertThat(send("POST", "/memories/create", made.formatted("\"streamDeliveryResources\": {\"resources\": [{\"kinesis\": {\"dataStreamArn\":"
                + " \"arn:aws:kinesis:us-east-1:123456789012:stream/x\", \"contentConfigurations\": [{\"type\": \"MEMORY_RECORDS\"}]}}]}")).body()).contains("Kinesis");
        assertThat(send("POST", "/memories/create", made.formatted("\"memoryStrategies\": [{\"customMemoryStrategy\": {\"name\": \"own\", \"configuration\":"
                + " {\"selfManagedConfiguration\": {\"invocationConfiguration\": {\"topicArn\": \"arn:aws:sns:us-east-1:123456789012:t\","
                + " \"payloadDeliveryBucketName\": \"bucket\"}}}}}]")).body()).contains("selfManagedConfiguration").contains("SNS");
    }

    @Test
    void keysForFiltersAreKeptAndAdded() throws Exception {
        assertThat(send("POST", "/memories/create", "{\"name\": \"assistant\", \"eventExpiryDuration\": 30, \"indexedKeys\": [{\"key\": \"topic\", \"type\": \"STRING\"}]}").statusCode())
                .isEqualTo(202);
        String path = "/memories/" + control.listMemories(r -> { }).memories().get(0).id() + "/update";
        String added = "{\"addIndexedKeys\": [{\"key\": \"rank\", \"type\": \"NUMBER\"}]}";
        assertThat(send("PUT", path, added).body()).contains("\"indexedKeys\":[{\"key\":\"topic\",\"type\":\"STRING\"},{\"key\":\"rank\",\"type\":\"NUMBER\"}]");
        assertThat(send("PUT", path, added).body()).contains("a key twice");
    }

    @Test
    void oneOfServerXmlIsShownUsedAndChangedThere() {
        configured.put("1", MemoryReaderTest.memory("desk", clock.instant()));
        assertThat(control.listMemories(r -> { }).memories()).singleElement().satisfies(one -> assertThat(one.id()).isEqualTo("desk-configured"));
        assertThat(control.getMemory(r -> r.memoryId("desk-configured")).memory().name()).isEqualTo("desk");
        assertThat(texts(List.of(write("desk-configured", "alice", "s1", "hello")))).containsExactly("hello");
        assertThatThrownBy(() -> control.deleteMemory(r -> r.memoryId("desk-configured"))).isInstanceOf(ConflictException.class).hasMessageContaining("server.xml");
        assertThatThrownBy(() -> control.updateMemory(r -> r.memoryId("desk-configured").eventExpiryDuration(9))).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> memory("desk")).isInstanceOf(ConflictException.class);
        configured.remove("1");
        assertThatThrownBy(() -> write("desk-configured", "alice", "s1", "again")).isInstanceOf(ResourceNotFoundException.class);
        configured.put("2", MemoryReaderTest.memory("desk", clock.instant()));
        assertThat(texts(data.listEvents(r -> r.memoryId("desk-configured").actorId("alice").sessionId("s1")).events())).as("what was kept is there again").containsExactly("hello");
    }

    @Test
    void aMemoryIsKnownByItsArnToo() {
        String id = memory("assistant");
        assertThat(write(ARNS.memory(id), "alice", "s1", "hello").memoryId()).isEqualTo(id);
        assertThatThrownBy(() -> write(new Arns("us-east-1", "999999999999").memory(id), "alice", "s1", "hello")).isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void memoriesAreAnAdministratorsAndWhatIsInThemIsForWhoMayInvoke() {
        assertThat(room.operations().operations()).allSatisfy(row ->
                assertThat(row.who()).as(row.name()).isEqualTo(row.name().matches("[A-Z][a-z]+Memor(y|ies)") ? Who.ADMIN : Who.INVOKER));
    }

    @Test
    void aMemoryOfManySessionsIsEmptiedSoon() throws Exception {
        String memory = memory("assistant");
        for (int i = 0; i < 60; i++) {
            write(memory, "alice", "s" + i, "hello");
        }
        control.deleteMemory(r -> r.memoryId(memory));
        room.tick();
        assertThat(database.select("SELECT session_id FROM memory_session")).isEmpty();
        assertThat(database.select("SELECT event_id FROM memory_event")).isEmpty();
    }
}
