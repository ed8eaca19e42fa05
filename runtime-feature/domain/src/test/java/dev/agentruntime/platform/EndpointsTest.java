package dev.agentruntime.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.agents.FakeOffers;
import dev.agentruntime.api.AgentRuntimeView.Status;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.Invocation.Outcome;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionOrigin;
import dev.agentruntime.api.SessionView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EndpointsTest extends PlatformTestBase {

    private static final String RUNTIME = "greeter-0123456789";

    private final FakeOffers room = new FakeOffers();

    @BeforeEach
    void offerOne() throws Exception {
        room.offer(version(1), war("one.war", "one"));
        room.lead(RUNTIME, "DEFAULT", version(1));
        offers = List.of(room);
    }

    @Test
    void aSessionStaysOnTheVersionItBeganWithAndANewOneBeginsOnTheNext() throws Exception {
        startReady();
        awaitStatus(version(1), Status.READY);
        String first = digest(ask(ID, ""));
        release(2);

        assertThat(digest(ask(ID, ""))).isEqualTo(first);
        assertThat(digest(ask(ID, "DEFAULT"))).isEqualTo(first);
        assertThat(digest(ask("another-session-0123456789-0123456789", ""))).isNotEqualTo(first);
        assertThat(get(ask(ID, "")).origin()).isEqualTo(SessionOrigin.CONTINUED);
    }

    @Test
    void anEndpointKeepsToItsVersionAndCanBeLedBack() throws Exception {
        startReady();
        awaitStatus(version(1), Status.READY);
        room.lead(RUNTIME, "prod", version(1));
        String first = digest(ask("session-1-0123456789-0123456789-01234", "prod"));
        release(2);
        assertThat(digest(ask("session-2-0123456789-0123456789-01234", "prod"))).isEqualTo(first);
        room.lead(RUNTIME, "prod", version(2));
        assertThat(digest(ask("session-3-0123456789-0123456789-01234", "prod"))).isNotEqualTo(first);
        room.lead(RUNTIME, "prod", version(1));
        assertThat(digest(ask("session-4-0123456789-0123456789-01234", "prod"))).isEqualTo(first);
    }

    @Test
    void aSessionThatNeverWasIsNotFoundThoughNothingServesOfItsRuntime() {
        startReady();
        room.fail(RUNTIME);
        assertThat(refused(ask(ID, "")).kind()).isEqualTo(Kind.AGENT);
        assertThat(refused(platform.stop(RUNTIME, ID, ALICE)).kind()).isEqualTo(Kind.NOT_FOUND);
        assertThatThrownBy(() -> platform.session(RUNTIME, ID, ALICE)).isInstanceOfSatisfying(RequestException.class,
                e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
        assertThat(platform.sessions(RUNTIME, ALICE)).isEmpty();
    }

    @Test
    void anEndpointThatIsNotThereIsNotFound() {
        startReady();
        assertThat(refused(ask(ID, "none")).kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(refused(platform.invoke(new InvocationRequest("hello", Optional.of(ID), ALICE).at("prod"))).kind())
                .isEqualTo(Kind.NOT_FOUND);
        assertThat(get(platform.invoke(new InvocationRequest("hello", Optional.of(ID), ALICE).at("DEFAULT"))).sessionId()).isEqualTo(ID);
    }

    @Test
    void noRequestFailsWhileOneVersionFollowsAnother() throws Exception {
        startReady();
        awaitStatus(version(1), Status.READY);
        AtomicBoolean going = new AtomicBoolean(true);
        List<CompletableFuture<Integer>> callers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int caller = i;
            callers.add(CompletableFuture.supplyAsync(() -> askWhile(going, caller)));
        }
        for (int number = 2; number <= 6; number++) {
            release(number);
            room.withdraw(version(number - 1));
            platform.tick();
        }
        going.set(false);
        int asked = callers.stream().mapToInt(CompletableFuture::join).sum();
        assertThat(asked).isGreaterThan(20);
    }

    /** Throws where one request fails. */
    private int askWhile(AtomicBoolean going, int caller) {
        int asked = 0;
        while (going.get() || asked < 10) {
            Invocation invocation = get(ask("load-%d-%04d-0123456789-0123456789-0123".formatted(caller, asked), ""));
            invocation.close(Outcome.SUCCESS);
            get(platform.stop(RUNTIME, invocation.sessionId(), ALICE));
            asked++;
        }
        return asked;
    }

    @Test
    void aVersionsOwnTimeoutEndsItsSessions() {
        startReady();
        awaitStatus(version(1), Status.READY);
        digest(ask(ID, ""));
        digest(asking(ID, ALICE));
        pass(Duration.ofMinutes(6));
        await().untilAsserted(() -> assertThat(platform.session(RUNTIME, ID, ALICE).status()).isEqualTo(SessionView.Status.TERMINATED));
        assertThat(platform.session("hello", ID, ALICE).status()).isEqualTo(SessionView.Status.IDLE);
    }

    @Test
    void aSessionBeginsWithTheVariablesOfItsVersion() throws Exception {
        room.offer(version(1), war("one.war", "one"), Map.of("COLOUR", "red"));
        startReady();
        awaitStatus(version(1), Status.READY);
        get(ask(ID, ""));
        assertThat(begun(ID)).containsEntry("COLOUR", "red");
        room.offer(version(2), war("two.war", "two"), Map.of("COLOUR", "blue"));
        awaitStatus(version(2), Status.READY);
        room.lead(RUNTIME, "DEFAULT", version(2));
        get(ask("session-2-0123456789-0123456789-01234", ""));
        assertThat(begun("session-2-0123456789-0123456789-01234")).containsEntry("COLOUR", "blue");
        assertThat(begun(ID)).containsEntry("COLOUR", "red");
        get(asking("session-3-0123456789-0123456789-01234", ALICE));
        assertThat(begun("session-3-0123456789-0123456789-01234")).doesNotContainKey("COLOUR");
    }

    @Test
    void anInvocationSaysWhichHeadersItsVersionIsToHave() {
        startReady();
        awaitStatus(version(1), Status.READY);
        assertThat(get(ask(ID, "")).headers()).containsExactly("x-team");
        assertThat(get(asking("session-3-0123456789-0123456789-01234", ALICE)).headers()).isEmpty();
    }

    private Map<String, String> begun(String session) {
        return driver.started().stream().flatMap(vm -> vm.begun().stream()).filter(start -> start.sessionId().equals(session))
                .findFirst().orElseThrow().environment();
    }

    private void release(int number) throws Exception {
        room.offer(version(number), war("v" + number + ".war", "version " + number));
        awaitStatus(version(number), Status.READY);
        room.lead(RUNTIME, "DEFAULT", version(number));
    }

    private CompletionStage<Invocation> ask(String session, String qualifier) {
        return platform.invoke(new InvocationRequest(RUNTIME, Optional.of(session), ALICE).at(qualifier));
    }

    private static String digest(CompletionStage<Invocation> asked) {
        Invocation invocation = get(asked);
        invocation.close(Outcome.SUCCESS);
        return invocation.session().digest();
    }

    private static String version(int number) {
        return RUNTIME + ".v" + number;
    }
}
