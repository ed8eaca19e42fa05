package dev.agentruntime.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.bedrockagentcore.model.Branch;
import software.amazon.awssdk.services.bedrockagentcore.model.Event;
import software.amazon.awssdk.services.bedrockagentcore.model.ServiceQuotaExceededException;
import software.amazon.awssdk.services.bedrockagentcore.model.ValidationException;

class BranchesTest extends MemoryTestBase {

    private String memory;

    @BeforeEach
    void make() {
        memory = memory("assistant");
    }

    private Event say(String text) {
        return write(memory, "alice", "s1", text);
    }

    private Event say(String text, String branch, Event... root) {
        clock.pass(Duration.ofSeconds(1));
        Branch.Builder in = Branch.builder().name(branch);
        if (root.length > 0) {
            in.rootEventId(root[0].eventId());
        }
        return data.createEvent(event(memory, "alice", "s1", text).branch(in.build()).build()).event();
    }

    private List<String> in(String branch, Boolean withParents) {
        return texts(data.listEventsPaginator(r -> r.memoryId(memory).actorId("alice").sessionId("s1").maxResults(1)
                .filter(f -> f.branch(b -> b.name(branch).includeParentBranches(withParents)))).events().stream().toList());
    }

    @Test
    void aBranchGoesFromAnEventUnderAName() {
        say("one");
        Event two = say("two");
        say("three");
        Event other = say("other three", "what-if", two);
        say("other four", "what-if");
        say("four");
        assertThat(other.branch().name()).isEqualTo("what-if");
        assertThat(data.getEvent(r -> r.memoryId(memory).actorId("alice").sessionId("s1").eventId(other.eventId())).event().branch().rootEventId()).isEqualTo(two.eventId());
        assertThat(in("what-if", null)).containsExactly("other four", "other three");
        assertThat(in("what-if", true)).containsExactly("other four", "other three", "two", "one");
        assertThat(in("main", null)).containsExactly("four", "three", "two", "one");
        assertThat(in("main", true)).containsExactly("four", "three", "two", "one");
        assertThat(in("unknown", true)).isEmpty();
        assertThat(texts(data.listEvents(r -> r.memoryId(memory).actorId("alice").sessionId("s1")).events())).as("of all branches").hasSize(6);
    }

    @Test
    void aBranchOfABranchHasWhatWasBeforeEither() {
        Event one = say("one");
        Event a = say("a", "first", one);
        say("two");
        say("b", "first");
        say("deep", "second", a);
        assertThat(in("second", true)).containsExactly("deep", "a", "one");
        assertThat(in("second", false)).containsExactly("deep");
        restart();
        assertThat(in("first", true)).containsExactly("b", "a", "one");
    }

    @Test
    void mainIsTheBranchOfWhoNamesNone() {
        assertThat(say("one", "main").branch()).isNull();
        assertThatThrownBy(() -> say("two", "main", say("x"))).isInstanceOf(ValidationException.class).hasMessageContaining("branch.rootEventId");
    }

    @Test
    void aRootMustBeThereAndStayTheSame() {
        Event one = say("one");
        Event two = say("two");
        Event elsewhere = write(memory, "alice", "s2", "elsewhere");
        assertThatThrownBy(() -> say("x", "first")).isInstanceOf(ValidationException.class).hasMessageContaining("is required with the first event of a branch");
        assertThatThrownBy(() -> say("x", "first", elsewhere)).isInstanceOf(ValidationException.class).hasMessageContaining("must be an event of this session");
        say("x", "first", one);
        assertThatThrownBy(() -> say("y", "first", two)).isInstanceOf(ValidationException.class).hasMessageContaining("must be " + one.eventId());
        assertThat(say("y", "first", one).branch().name()).isEqualTo("first");
    }

    @Test
    void aBranchStaysWhenItsRootIsDeleted() {
        Event one = say("one");
        say("x", "first", one);
        data.deleteEvent(r -> r.memoryId(memory).actorId("alice").sessionId("s1").eventId(one.eventId()));
        say("y", "first");
        assertThat(in("first", true)).containsExactly("y", "x");
    }

    @Test
    void aSessionHasSoManyBranchesAtMost() throws Exception {
        Event one = say("one");
        for (int i = 0; i < BranchTable.MOST; i++) {
            database.execute("INSERT INTO memory_branch (memory_id, actor_id, session_id, name, parent, root_event) VALUES ('"
                    + memory + "', 'alice', 's1', 'b" + i + "', '', '" + one.eventId() + "')");
        }
        assertThatThrownBy(() -> say("x", "one-more", one)).isInstanceOf(ServiceQuotaExceededException.class).hasMessageContaining("100 branches");
        say("x", "b7");
    }
}
