package dev.agentruntime.invocation;

import static dev.agentruntime.invocation.TestDoor.assertRefusal;
import static dev.agentruntime.invocation.TestDoor.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents that do what nobody expects of an agent, against a Liberty with a heap of 128 MB: nobody else notices. */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
class HostileAgentIT {

    private static final Pattern THREADS = Pattern.compile("(?m)^thread_count\\{[^}]*} (\\S+)");

    private final TestDoor door = TestDoor.open();

    @ParameterizedTest
    @ValueSource(strings = {"endless-head", "endless-value", "endless-reason", "endless-interim", "many-fields", "status-199",
        "huge-number", "deep", "head-of-error", "status-line"})
    void isAnsweredForWith424AndNobodyElseNotices(String mode) throws Exception {
        String session = UUID.randomUUID().toString();
        HttpResponse<String> answer = send(door.invoke("raw", mode).header(Headers.SESSION_ID, session).POST(BodyPublishers.ofString("{}")));
        assertThat(answer.statusCode()).as("%s", answer.body()).isEqualTo(424);
        assertRefusal(answer, "RuntimeClientError");
        assertOthersAreServed();
        assertThat(TestDoor.json(TestDoor.get("/runtimes/raw/sessions/" + session, door.alice)).getString("status")).isEqualTo("Idle");
    }

    @ParameterizedTest
    @ValueSource(strings = {"endless-trailers", "endless-extension"})
    void whatBecomesEndlessInTheBodyIsCutOff(String mode) throws Exception {
        try (Socket socket = door.raw("raw", mode, "Content-Length: 2\r\n\r\n{}")) {
            TestDoor.rest(socket);
        }
        assertOthersAreServed();
    }

    @Test
    void interimAnswersAreSkipped() throws Exception {
        HttpResponse<String> answer = send(door.invoke("raw", "twice-100").POST(BodyPublishers.ofString("{}")));
        assertThat(answer.body()).isEqualTo("ok");
    }

    @Test
    void anAgentThatDidNotReadItsRequestAnswersTheNextOne() throws Exception {
        String session = UUID.randomUUID().toString();
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> unread = send(door.invoke("raw", "no-read").header(Headers.SESSION_ID, session)
                    .POST(BodyPublishers.ofByteArray(new byte[30_000_000])));
            assertThat(unread.body()).isEqualTo("did not read");
            HttpResponse<String> next = send(door.invoke("raw", "ok").header(Headers.SESSION_ID, session).POST(BodyPublishers.noBody()));
            assertThat(next.body()).isEqualTo("ok");
        }
    }

    @Test
    void agentsThatDoNotReadHoldNoThreadOfTheServers() throws Exception {
        ExecutorService callers = Executors.newCachedThreadPool();
        List<Socket> sockets = new ArrayList<>();
        try {
            long before = threads();
            for (int session = 0; session < 4; session++) {
                String id = UUID.randomUUID().toString();
                for (int i = 0; i < 60; i++) {
                    Socket socket = door.raw("raw", "ignore", Headers.SESSION_ID + ": " + id + "\r\nContent-Length: 5000000\r\n\r\n");
                    sockets.add(socket);
                    callers.execute(() -> fill(socket));
                }
            }
            List<Long> lags = new ArrayList<>();
            long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
            while (System.nanoTime() < end) {
                lags.add(lagOfAnother());
            }
            lags.sort(null);
            System.out.printf("240 stalled uploads: %d others, median %d ms, worst %d ms, threads %d before, %d now%n",
                    lags.size(), lags.get(lags.size() / 2), lags.get(lags.size() - 1), before, threads());
            assertThat(lags.get(lags.size() / 2)).isLessThan(100);
            assertThat(lags.get(lags.size() * 99 / 100)).isLessThan(1000);
            assertThat(threads() - before).isLessThan(60);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
            callers.shutdownNow();
        }
    }

    private static void fill(Socket socket) {
        try {
            socket.getOutputStream().write(new byte[5_000_000]);
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private long lagOfAnother() throws Exception {
        long begun = System.nanoTime();
        assertThat(send(door.invoke("echo", "").POST(BodyPublishers.ofString("x"))).statusCode()).isEqualTo(200);
        return Duration.ofNanos(System.nanoTime() - begun).toMillis();
    }

    private void assertOthersAreServed() {
        await().atMost(Duration.ofSeconds(2)).untilAsserted(() -> assertThat(lagOfAnother()).isLessThan(1000));
    }

    private static long threads() throws Exception {
        Matcher threads = THREADS.matcher(TestDoor.metrics("base"));
        assertThat(threads.find()).isTrue();
        return (long) Double.parseDouble(threads.group(1));
    }
}
