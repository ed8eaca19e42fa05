package dev.agentruntime.tests;

import static dev.agentruntime.tests.AgentClient.admin;
import static dev.agentruntime.tests.AgentClient.alice;
import static dev.agentruntime.tests.AgentClient.bob;
import static dev.agentruntime.tests.AgentClient.json;
import static dev.agentruntime.tests.AgentClient.newSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Sessions that are written down for others, or put on the disk, when their owners ask for it, in real VMs. Prints what it takes; {@code -Ddisk.rounds=N} says
 * how often one goes there and back.
 */
@EnabledIfSystemProperty(named = "long", matches = "true")
@ArquillianTest
@RunAsClient
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DiskIT {

    private static final String SESSIONS = "/agents/runtimes/hello/sessions/";
    private static final int FORKS = 8;
    private static final int ROUNDS = Integer.getInteger("disk.rounds", 10);

    private final List<String> begun = new ArrayList<>();

    @Deployment(testable = false)
    static WebArchive neighbour() {
        return Neighbours.war();
    }

    @BeforeAll
    void start() {
        AgentClient.awaitReady("hello");
    }

    @AfterEach
    void end() {
        begun.forEach(session -> admin().delete(SESSIONS + session));
        begun.clear();
    }

    private String session() {
        String session = newSession();
        begun.add(session);
        return session;
    }

    private static JsonObject call(String session) {
        HttpResponse<String> answer = alice().invoke("hello", session, "{\"prompt\": \"Ada\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    /** Until it rests: whoever asks before is told to ask again. */
    private static HttpResponse<String> onceAtRest(AgentClient caller, String path) {
        return await().atMost(Duration.ofSeconds(60)).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(50)).until(() -> caller.post(path), answer -> {
            assertThat(answer.statusCode()).as(answer.body()).isIn(200, 409);
            assertThat(answer.headers().firstValue("Retry-After").isPresent()).isEqualTo(answer.statusCode() == 409);
            return answer.statusCode() == 200;
        });
    }

    @Test
    void eightForksAnswerWithTheStateOfTheFirstAndAnIdentityOfTheirOwn() {
        String first = session();
        for (int call = 1; call <= 3; call++) {
            assertThat(call(first).getInt("call")).isEqualTo(call);
        }
        for (AgentClient other : List.of(bob(), admin())) {
            assertThat(other.post(SESSIONS + first + "/fork?count=1").statusCode()).as("its owner's only").isEqualTo(403);
        }
        long asked = System.nanoTime();
        List<JsonObject> forks = json(onceAtRest(alice(), SESSIONS + first + "/fork?count=" + FORKS)).getJsonArray("sessions").getValuesAs(JsonObject.class);
        forks.forEach(fork -> begun.add(fork.getString("sessionId")));
        assertThat(forks).hasSize(FORKS);
        List<JsonObject> replies = new ArrayList<>();
        for (JsonObject fork : forks) {
            replies.add(call(fork.getString("sessionId")));
            System.out.printf("disk: fork %d of %d has answered after %d ms%n", replies.size(), FORKS, (System.nanoTime() - asked) / 1_000_000);
        }
        assertThat(replies).as("what the first one knew").extracting(reply -> reply.getInt("call")).containsOnly(4);
        JsonObject ofFirst = call(first);
        assertThat(ofFirst.getInt("call")).as("which goes on").isEqualTo(4);
        replies.add(ofFirst);
        for (String own : List.of("uuid", "hostName", "sessionId")) {
            assertThat(replies).as(own).extracting(reply -> reply.getString(own)).doesNotHaveDuplicates();
        }
        assertThat(replies).extracting(reply -> reply.getString("sessionId")).containsAll(begun);
        assertThat(begun).extracting(session -> alice().session("hello", session).getString("vm")).doesNotHaveDuplicates();
        for (JsonObject fork : forks) {
            JsonObject usage = alice().session("hello", fork.getString("sessionId")).getJsonObject("usage");
            assertThat(usage.getInt("invocations")).as("a meter of its own").isEqualTo(1);
            assertThat(usage.getJsonNumber("cpuSeconds").doubleValue()).isPositive();
        }
        assertThat(call(forks.get(0).getString("sessionId")).getInt("call")).isEqualTo(5);
        assertThat(call(forks.get(1).getString("sessionId")).getInt("call")).as("what one fork does none of the others knows").isEqualTo(5);
        assertThat(bob().invoke("hello", forks.get(0).getString("sessionId"), "{}").statusCode()).as("a session of somebody else").isEqualTo(403);
    }

    @Test
    void aSessionIsOnTheDiskAsSoonAsItsOwnerHasAskedForThatAndComesBackAsItWas() {
        String session = session();
        JsonObject before = call(session);
        assertThat(bob().post(SESSIONS + session + "/hibernate").statusCode()).as("a session of somebody else").isEqualTo(403);
        double[] there = new double[ROUNDS];
        double[] back = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            String vm = alice().session("hello", session).getString("vm");
            long asked = System.nanoTime();
            JsonObject view = json(onceAtRest(alice(), SESSIONS + session + "/hibernate"));
            there[round] = (System.nanoTime() - asked) / 1e6;
            assertThat(view.getString("status")).isEqualTo("Hibernated");
            assertThat(Host.domains()).doesNotContain(vm);
            assertThat(Host.tracesOf(vm)).isEmpty();
            long called = System.nanoTime();
            JsonObject reply = call(session);
            back[round] = (System.nanoTime() - called) / 1e6;
            assertThat(reply.getInt("call")).isEqualTo(round + 2);
            assertThat(reply.getString("hostName")).isEqualTo(before.getString("hostName"));
        }
        System.out.println("disk: from the last answer until it is there and its VM is gone, its agent's ping with it, ms: " + spread(there));
        System.out.println("disk: from a call until its answer from there, ms: " + spread(back));
    }

    private static String spread(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return String.format(Locale.ROOT, "n=%d, min %.1f, p50 %.1f, p99 %.1f, max %.1f", sorted.length, sorted[0], sorted[sorted.length / 2],
                sorted[sorted.length * 99 / 100], sorted[sorted.length - 1]);
    }
}
