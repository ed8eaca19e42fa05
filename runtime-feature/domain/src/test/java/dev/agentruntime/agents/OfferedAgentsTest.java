package dev.agentruntime.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.AgentRuntimeView.Status;
import dev.agentruntime.api.RequestException;
import java.util.List;
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
        assertThat(lease("greeter").agent()).isEqualTo("greeter.v1");
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
        assertThat(lease("greeter").agent()).isEqualTo("greeter.v2");

        room.withdraw("greeter.v1");
        agents.tick();
        assertThatThrownBy(() -> agents.check("greeter.v1")).isInstanceOf(RequestException.class);
        assertThat(lease("greeter").agent()).isEqualTo("greeter.v2");
    }

    @Test
    void aSessionThatIsBegunBeforeTheFirstTickWaitsForThePreparation() throws Exception {
        start();
        room.offer("late.v1", war("late.war", "late"));
        room.lead("late", "DEFAULT", "late.v1");
        var waiting = agents.lease("late", "").toCompletableFuture();
        awaitStatus("late.v1", Status.READY);
        assertThat(waiting.join().agent()).isEqualTo("late.v1");
    }

    @Test
    void anEndpointLeadsToItsOwnVersion() throws Exception {
        room.offer("greeter.v2", war("two.war", "two"));
        room.lead("greeter", "prod", "greeter.v2");
        start();
        awaitStatus("greeter.v1", Status.READY);
        awaitStatus("greeter.v2", Status.READY);
        assertThat(agents.lease("greeter", "prod").toCompletableFuture().join().agent()).isEqualTo("greeter.v2");
        assertThat(agents.lease("greeter", "DEFAULT").toCompletableFuture().join().agent()).isEqualTo("greeter.v1");
        assertThatThrownBy(() -> agents.check("greeter", "none")).isInstanceOf(RequestException.class);
    }

    @Test
    void aConfiguredAgentHasTheStandardEndpointOnly() {
        startReady();
        assertThat(agents.lease("hello", "DEFAULT").toCompletableFuture().join().agent()).isEqualTo("hello");
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
}
