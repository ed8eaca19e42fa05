package dev.agentruntime.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.AgentRuntimeView.Status;
import dev.agentruntime.api.RequestException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OfferedAgentsTest extends AgentsTestBase {

    private final FakeOffers room = new FakeOffers();

    @BeforeEach
    void offerOne() throws Exception {
        room.offer("greeter.v1", war("one.war", "one"));
        room.lead("greeter", "DEFAULT", "greeter.v1");
        configure(folder.resolve("dropins"));
        offers = List.of(room);
    }

    @Test
    void anOfferedAgentIsPreparedAndServesUnderItsRuntimesName() {
        start();
        awaitStatus("greeter.v1", Status.READY);
        assertThat(lease("greeter").digest()).isEqualTo(digest("greeter.v1"));
        assertThat(lease("greeter").passesToken()).isTrue();
        assertThat(view("greeter").status()).isEqualTo(Status.READY);
    }

    @Test
    void anAgentThatIsOfferedLaterIsPreparedAtTheNextTick() throws Exception {
        start();
        awaitStatus("greeter.v1", Status.READY);
        room.offer("greeter.v2", war("two.war", "two"));
        awaitStatus("greeter.v2", Status.READY);
        room.lead("greeter", "DEFAULT", "greeter.v2");
        assertThat(lease("greeter").digest()).isEqualTo(digest("greeter.v2"));

        room.withdraw("greeter.v1");
        agents.tick();
        assertThatThrownBy(() -> view("greeter.v1")).isInstanceOf(RequestException.class);
        assertThat(lease("greeter").digest()).isEqualTo(digest("greeter.v2"));
    }

    @Test
    void aRequestThatFindsTheVersionGoneByTheTimeItTakesHoldOfItGetsTheOneThatFollowed() throws Exception {
        startWithASecondVersionThatTakesOverAfterTheNextQuestion();
        assertThat(lease("greeter").digest()).isEqualTo(digest("greeter.v2"));
    }

    @Test
    void whoLooksAtARuntimeWhoseVersionIsGoneByThenSeesTheOneThatFollowed() throws Exception {
        startWithASecondVersionThatTakesOverAfterTheNextQuestion();
        assertThat(view("greeter").digest()).hasValue(digest("greeter.v2"));
    }

    @Test
    void aRuntimeIsSeenBeforeTheFirstTickAfterItWasMade() throws Exception {
        start();
        room.offer("late.v1", war("late.war", "late"));
        room.lead("late", "DEFAULT", "late.v1");
        assertThat(view("late").status()).isEqualTo(Status.CREATING);
    }

    @Test
    void aRuntimeWhoseVersionIsOfferedNoMoreIsNotFoundByTheNameThatWasAskedFor() {
        start();
        room.withdraw("greeter.v1");
        agents.tick();
        assertThatThrownBy(() -> view("greeter")).isInstanceOf(RequestException.class).hasMessage("There is no agent runtime greeter.");
    }

    @Test
    void aNameThatDiffersInHyphensOnlyIsToldTheOneThatThereIs() throws Exception {
        room.offer("my_agent.v1", war("my.war", "my"));
        room.lead("my_agent", "DEFAULT", "my_agent.v1");
        start();
        assertThatThrownBy(() -> view("my-agent")).isInstanceOf(RequestException.class)
                .hasMessage("There is no agent runtime my-agent. There is one of the name my_agent.");
        room.fail("my_agent");
        assertThatThrownBy(() -> agents.check("my-agent", "")).hasMessageEndingWith("There is one of the name my_agent.");
        assertThatThrownBy(() -> view("your-agent")).hasMessage("There is no agent runtime your-agent.");
    }

    @Test
    void aRuntimeThatCouldNotBeMadeIsShownWithTheReasonAndBeginsNoSession() {
        start();
        room.fail("greeter");
        assertThat(view("greeter").status()).isEqualTo(Status.CREATE_FAILED);
        assertThat(view("greeter").name()).isEqualTo("greeter");
        assertThat(view("greeter").statusReason()).isEqualTo("nothing serves");
        assertThatThrownBy(() -> agents.check("greeter", "")).isInstanceOfSatisfying(RequestException.class,
                refused -> assertThat(refused.kind()).isEqualTo(RequestException.Kind.AGENT));
    }

    @Test
    void whatARoomSaidOfAVersionHoldsForItsSessionsAfterItIsWithdrawn() throws Exception {
        room.offer("greeter.v1", war("one.war", "one"), Map.of("COLOUR", "red"));
        start();
        awaitStatus("greeter.v1", Status.READY);
        AgentLease held = lease("greeter");
        room.withdraw("greeter.v1");
        agents.tick();
        assertThat(held.passesToken()).isTrue();
        assertThat(held.terms().environment()).containsEntry("COLOUR", "red");
        assertThat(held.terms().idleTimeout()).hasValue(Duration.ofMinutes(5));
        assertThat(held.terms().toString()).contains("COLOUR").doesNotContain("red");
    }

    @Test
    void aVersionServesUnderItsRuntimesNameOnly() {
        start();
        awaitStatus("greeter.v1", Status.READY);
        assertThatThrownBy(() -> agents.check("greeter.v1", "")).isInstanceOf(RequestException.class);
        assertThat(agents.lease("greeter.v1", "").toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void aRuntimeIsFoundByTheNamesThatARoomGaveIt() {
        room.call("short", "greeter");
        room.call("hello", "greeter");
        startReady();
        assertThat(agents.meant("short")).isEqualTo("greeter");
        assertThat(agents.meant("hello")).as("a configured name comes first").isEqualTo("hello");
        assertThat(agents.meant("nobody")).isEqualTo("nobody");
    }

    @Test
    void aSessionThatIsBegunBeforeTheFirstTickWaitsForThePreparation() throws Exception {
        start();
        room.offer("late.v1", war("late.war", "late"));
        room.lead("late", "DEFAULT", "late.v1");
        var waiting = agents.lease("late", "").toCompletableFuture();
        awaitStatus("late.v1", Status.READY);
        assertThat(waiting.join().digest()).isEqualTo(digest("late.v1"));
    }

    @Test
    void anEndpointLeadsToItsOwnVersion() throws Exception {
        room.offer("greeter.v2", war("two.war", "two"));
        room.lead("greeter", "prod", "greeter.v2");
        start();
        awaitStatus("greeter.v1", Status.READY);
        awaitStatus("greeter.v2", Status.READY);
        assertThat(agents.lease("greeter", "prod").toCompletableFuture().join().digest()).isEqualTo(digest("greeter.v2"));
        assertThat(agents.lease("greeter", "DEFAULT").toCompletableFuture().join().digest()).isEqualTo(digest("greeter.v1"));
        assertThatThrownBy(() -> agents.check("greeter", "none")).isInstanceOf(RequestException.class);
    }

    @Test
    void aConfiguredAgentHasTheStandardEndpointOnly() {
        startReady();
        assertThat(agents.lease("hello", "DEFAULT").toCompletableFuture().join().digest()).isEqualTo(digest("hello"));
        assertThatThrownBy(() -> agents.check("hello", "prod")).isInstanceOf(RequestException.class).hasMessageContaining("prod");
        assertThat(agents.lease("hello", "prod").toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void thePlatformHasNotStartedBeforeTheOffersAreKnown() {
        room.forget();
        start();
        agents.tick();
        agents.tick();
        assertThat(agents.started()).isFalse();
    }

    private String digest(String agent) {
        return view(agent).digest().orElseThrow();
    }

    private void startWithASecondVersionThatTakesOverAfterTheNextQuestion() throws Exception {
        start();
        awaitStatus("greeter.v1", Status.READY);
        room.offer("greeter.v2", war("two.war", "two"));
        awaitStatus("greeter.v2", Status.READY);
        room.afterTheNextQuestion(() -> {
            room.lead("greeter", "DEFAULT", "greeter.v2");
            room.withdraw("greeter.v1");
            agents.tick();
        });
    }
}
