package dev.agentruntime.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.Subject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.bedrockagentcore.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockagentcore.model.ActorSummary;
import software.amazon.awssdk.services.bedrockagentcore.model.Event;

class WhoMayTest extends MemoryTestBase {

    private String memory;
    private Event ofBob;

    @BeforeEach
    void make() {
        memory = memory("assistant");
        ofBob = write(memory, "bob", "s1", "secret of bob");
        caller = invoker("alice");
    }

    @Test
    void anInvokerReadsAndWritesWhatIsItsOwn() throws Exception {
        Event own = write(memory, "alice", "s1", "hello");
        assertThat(texts(data.listEvents(r -> r.memoryId(memory).actorId("alice").sessionId("s1")).events())).containsExactly("hello");
        assertThat(data.getEvent(r -> r.memoryId(memory).actorId("alice").sessionId("s1").eventId(own.eventId())).event()).isEqualTo(own);
        assertThat(data.listSessions(r -> r.memoryId(memory).actorId("alice")).sessionSummaries()).hasSize(1);
        data.deleteEvent(r -> r.memoryId(memory).actorId("alice").sessionId("s1").eventId(own.eventId()));
        assertThat(send("DELETE", "/memories/" + memory + "/actors/alice", "").statusCode()).isEqualTo(200);
    }

    @Test
    void nobodyReadsOrWritesWhatIsAnothers() throws Exception {
        for (String other : List.of("bob", "ALICE", "alice/", "alice/x", "alice:x", "alic")) {
            List<Runnable> attempts = List.of(
                    () -> write(memory, other, "s1", "forged"),
                    () -> data.listEvents(r -> r.memoryId(memory).actorId(other).sessionId("s1")),
                    () -> data.getEvent(r -> r.memoryId(memory).actorId(other).sessionId("s1").eventId(ofBob.eventId())),
                    () -> data.deleteEvent(r -> r.memoryId(memory).actorId(other).sessionId("s1").eventId(ofBob.eventId())),
                    () -> data.listSessions(r -> r.memoryId(memory).actorId(other)));
            for (Runnable attempt : attempts) {
                assertThatThrownBy(attempt::run).as(other).isInstanceOf(AccessDeniedException.class).hasMessageContaining("the actor alice");
            }
        }
        assertThat(send("DELETE", "/memories/" + memory + "/actors/bob", "").statusCode()).isEqualTo(403);
        assertThat(send("DELETE", "/memories/" + memory + "/actors/alice%2F..%2Fbob", "").statusCode()).isEqualTo(400);
        caller = ADMIN;
        assertThat(texts(data.listEvents(r -> r.memoryId(memory).actorId("bob").sessionId("s1")).events())).containsExactly("secret of bob");
    }

    @Test
    void whatAnInvokerMayNotReadItIsNotToldOfEither() {
        assertThatThrownBy(() -> data.listSessions(r -> r.memoryId("none-0123456789").actorId("bob"))).isInstanceOf(AccessDeniedException.class);
        assertThat(data.listActors(r -> r.memoryId(memory)).actorSummaries()).isEmpty();
        write(memory, "alice", "s1", "hello");
        assertThat(data.listActors(r -> r.memoryId(memory)).actorSummaries()).extracting(ActorSummary::actorId).containsExactly("alice");
        caller = ADMIN;
        assertThat(data.listActors(r -> r.memoryId(memory)).actorSummaries()).hasSize(2);
    }

    @Test
    void aSubjectThatCannotBeAnActorsIdHasOneThatIsMadeOfIt() {
        for (String subject : List.of("alice@example.com", "auth0|5f7c", "Zo\u00eb", "", "-x", "a::b", "sub:YQ", "sub256:x", "x".repeat(300), "x y")) {
            caller = invoker(subject);
            String actor = OwnActor.of(new Subject("https://idp", subject));
            assertThat(actor).startsWith("sub").hasSizeLessThanOrEqualTo(255);
            assertThat(write(memory, actor, "s1", "hello").actorId()).isEqualTo(actor);
        }
        for (String subject : List.of("alice", "team/alice", "a:b", "5f7c-_", "x".repeat(255))) {
            assertThat(OwnActor.of(new Subject("https://idp", subject))).isEqualTo(subject);
        }
    }

    @Test
    void noTwoSubjectsAreOneActor() {
        List<String> subjects = List.of("a@b", "sub:YUBi", "sub:c3ViOllVQmk", "a", "A", "sub256:" + Ids.digest("x".repeat(300)), "x".repeat(300), "x".repeat(299) + "y");
        Set<String> actors = new HashSet<>();
        subjects.forEach(subject -> actors.add(OwnActor.of(new Subject("https://idp", subject))));
        assertThat(actors).hasSize(subjects.size());
    }
}
