package dev.agentruntime.tests;

import static dev.agentruntime.tests.AgentClient.alice;
import static dev.agentruntime.tests.AgentClient.awaitReady;
import static dev.agentruntime.tests.AgentClient.json;
import static dev.agentruntime.tests.AgentClient.newSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** libvirtd is killed, or does not answer, and comes back. Only where the tests' own set-up has started it. */
@ArquillianTest
@RunAsClient
class HypervisorIT {

    private static final int SESSIONS = 10;

    private final List<String> sessions = Stream.generate(AgentClient::newSession).limit(SESSIONS).toList();

    @Deployment(testable = false)
    static WebArchive neighbour() {
        return Neighbours.war();
    }

    @BeforeEach
    void sessionsAtRest() {
        assumeTrue(Host.libvirtdIsOurs(), "a service manager looks after libvirtd");
        awaitReady("hello");
        sessions.forEach(session -> assertThat(call(session)).isEqualTo(1));
        List<String> vms = sessions.stream().map(session -> alice().session("hello", session).getString("vm")).toList();
        await().atMost(Duration.ofSeconds(40)).until(() -> Host.arePaused(vms));
    }

    @AfterEach
    void end() {
        Host.letLibvirtdGoOn();
        Host.startLibvirtd();
        sessions.forEach(session -> alice().delete("/agents/runtimes/hello/sessions/" + session));
    }

    @Test
    void sessionsAtRestGoOnWhileLibvirtdIsGoneAndAfterwards() {
        Host.killLibvirtd();
        sessions.subList(0, SESSIONS / 2).forEach(session -> assertThat(call(session)).as("without libvirtd").isEqualTo(2));
        Host.startLibvirtd();

        sessions.forEach(session -> assertThat(call(session)).isGreaterThanOrEqualTo(2));
        // A VM that was being created as libvirtd died holds its successor up for some seconds: callers wait for it.
        assertThat(alice().invoke("hello", newSession(), "{}").statusCode()).as("a new session").isEqualTo(200);
    }

    @Test
    void sessionsAtRestGoOnWhileLibvirtdDoesNotAnswer() {
        Host.stopLibvirtd();
        sessions.forEach(session -> assertThat(call(session)).isEqualTo(2));
        assertThat(alice().get("/health/live").statusCode()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(alice().get("/health/ready").statusCode()).isEqualTo(503));

        Host.letLibvirtdGoOn();
        await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(alice().get("/health/ready").statusCode()).isEqualTo(200));
        sessions.forEach(session -> assertThat(call(session)).isEqualTo(3));
    }

    /**
     * {@code ./verify -Dlong}: takes two minutes. Sessions are called all the time, also such as have been paused meanwhile, and others are begun, while
     * libvirtd is killed three times and stays away for a while each time.
     */
    @Test
    @EnabledIfSystemProperty(named = "long", matches = "true")
    void noCallOfALiveSessionFailsWhileLibvirtdIsKilledAgainAndAgain() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        List<String> failed = new CopyOnWriteArrayList<>();
        AtomicInteger calls = new AtomicInteger();
        Map<Integer, AtomicInteger> begun = new ConcurrentHashMap<>();
        ExecutorService callers = Executors.newCachedThreadPool();
        try {
            for (int i = 0; i < SESSIONS; i++) {
                int number = i;
                callers.execute(() -> callOn(number, over, calls, failed));
            }
            callers.execute(() -> beginOthers(over, begun));
            for (int kill = 0; kill < 3; kill++) {
                pause(Duration.ofSeconds(10));
                Host.killLibvirtd();
                pause(Duration.ofSeconds(8));
                Host.startLibvirtd();
            }
            pause(Duration.ofSeconds(10));
        } finally {
            over.set(true);
            callers.shutdown();
        }
        assertThat(callers.awaitTermination(3, TimeUnit.MINUTES)).isTrue();
        System.out.printf("libvirtd killed 3 times: %d calls of %d live sessions, %d failed; new sessions by status: %s%n", calls.get(), SESSIONS, failed.size(), begun);
        assertThat(failed).isEmpty();
        assertThat(calls).hasValueGreaterThan(5 * SESSIONS);
        assertThat(sessions).allSatisfy(session -> assertThat(alice().session("hello", session).getString("status")).isIn("Active", "Idle"));
        assertThat(begun.keySet()).as("a new one begins, or its caller is told to ask again").isSubsetOf(200, 409);
        assertThat(begun).containsKey(200);
    }

    /** Some sessions without a rest, others after such rests that they are paused. */
    private void callOn(int number, AtomicBoolean over, AtomicInteger calls, List<String> failed) {
        Duration rest = number % 2 == 0 ? Duration.ofMillis(200) : Duration.ofSeconds(5);
        for (int expected = 2; !over.get(); expected++) {
            try {
                HttpResponse<String> answer = alice().invoke("hello", sessions.get(number), "{\"prompt\": \"Ada\"}");
                calls.incrementAndGet();
                if (answer.statusCode() != 200 || json(answer).getInt("call") != expected) {
                    failed.add(number + ", call " + expected + ": " + answer.statusCode() + " " + answer.body());
                    return;
                }
            } catch (RuntimeException broken) {
                failed.add(number + ", call " + expected + ": " + broken);
                return;
            }
            pause(rest);
        }
    }

    private static void beginOthers(AtomicBoolean over, Map<Integer, AtomicInteger> begun) {
        while (!over.get()) {
            String session = newSession();
            int status = alice().invoke("hello", session, "{}").statusCode();
            begun.computeIfAbsent(status, first -> new AtomicInteger()).incrementAndGet();
            if (status == 200) {
                alice().delete("/agents/runtimes/hello/sessions/" + session);
            }
            pause(Duration.ofSeconds(1));
        }
    }

    private static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    private static int call(String session) {
        HttpResponse<String> answer = alice().invoke("hello", session, "{\"prompt\": \"Ada\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer).getInt("call");
    }
}
