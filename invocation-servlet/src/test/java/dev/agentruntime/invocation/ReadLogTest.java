package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.Subject;
import dev.agentruntime.invocation.fake.FakePlatform;
import dev.agentruntime.invocation.fake.MemoryLog;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ReadLogTest {

    private static final Caller ALICE = new Caller(new Subject("https://idp.test", "alice"), false);
    private static final Caller BOB = new Caller(new Subject("https://idp.test", "bob"), false);
    private static final String SESSION = "session-of-alice-0123456789-0123456789";

    private static final Map<String, String> PATH = Map.of("runtime", "echo", "session", SESSION);

    private final FakePlatform platform = new FakePlatform(1, 1);
    private final MemoryLog log = new MemoryLog();
    private final SlowWrites writes = new SlowWrites();
    private final List<Runnable> timer = new CopyOnWriteArrayList<>();
    private final LogAnswers answers = new LogAnswers((pause, task) -> timer.add(task), writes);
    private final ReadLog handler = new ReadLog(platform, () -> Optional.of(session -> Optional.of(log)), answers);
    private final FakeCaller request = new FakeCaller();

    @BeforeEach
    void begin() throws Exception {
        platform.invoke(new InvocationRequest("echo", Optional.of(SESSION), ALICE)).toCompletableFuture().get(10, TimeUnit.SECONDS).close();
        List.of("one", "two \"quoted\"", "three").forEach(log::say);
    }

    @AfterEach
    void end() {
        writes.close();
    }

    private void ask(Caller caller) throws IOException {
        ask(handler, caller);
    }

    private void ask(ReadLog from, Caller caller) throws IOException {
        from.serve(new Operation.Call(request.request(), request.response(), PATH, caller, new WaitingReads()));
    }

    private void askForAll() throws Exception {
        ask(ALICE);
        assertThat(request.completed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(answers.size()).isZero();
    }

    @Test
    void theLatestLinesAreShown() throws Exception {
        request.parameter("lines", "2");
        askForAll();
        assertThat(request.answerHeaders("Content-Type")).containsExactly("application/json");
        assertThat(request.answer()).isEqualTo("{\"runtime\":\"echo\",\"sessionId\":\"" + SESSION + "\",\"lines\":["
                + "{\"number\":1,\"time\":\"2031-01-01T00:00:01Z\",\"source\":\"stdout\",\"severity\":\"info\",\"text\":\"two \\\"quoted\\\"\"},"
                + "{\"number\":2,\"time\":\"2031-01-01T00:00:02Z\",\"source\":\"stdout\",\"severity\":\"info\",\"text\":\"three\"}]}");
    }

    @Test
    void theyAreShownAsText() throws Exception {
        request.parameter("format", "text");
        askForAll();
        assertThat(request.answerHeaders("Content-Type")).containsExactly("text/plain;charset=UTF-8");
        assertThat(request.answer()).startsWith("2031-01-01T00:00:00Z stdout one\n2031-01-01T00:00:01Z stdout two");
    }

    @Test
    void nobodyElseMayReadThemAndAnAdministratorMay() throws IOException {
        assertThatThrownBy(() -> ask(BOB)).isInstanceOfSatisfying(RequestException.class,
                refused -> assertThat(refused.kind()).isEqualTo(Kind.FORBIDDEN));
        request.parameter("follow", "true");
        assertThatThrownBy(() -> ask(BOB)).isInstanceOf(RequestException.class);
        ask(new Caller(BOB.subject(), true));
        await().until(() -> request.answer().contains("three"));
    }

    @Test
    void whereNoneIsKeptThatIsSaid() {
        assertThatThrownBy(() -> ask(new ReadLog(platform, Optional::empty, answers), ALICE)).hasMessageContaining("keeps no logs");
        ReadLog none = new ReadLog(platform, () -> Optional.of(session -> Optional.empty()), answers);
        assertThatThrownBy(() -> ask(none, ALICE)).hasMessageContaining("no log yet");
        platform.stop("echo", SESSION, ALICE).toCompletableFuture().join();
        assertThatThrownBy(() -> ask(none, ALICE)).hasMessageContaining("not kept any more").hasMessageContaining("keepFor");
    }

    @Test
    void noLineAskedForIsNoLine() throws Exception {
        request.parameter("lines", "0");
        askForAll();
        assertThat(request.answer()).endsWith("\"lines\":[]}");
    }

    @Test
    void aLongLogIsSentPieceByPieceAndNoMoreOfItThanIsAskedFor() throws Exception {
        request.parameter("lines", "10000");
        for (int n = 3; n < 20_000; n++) {
            log.say("line " + n);
        }
        request.out.fill();
        ask(ALICE);
        log.say("after");
        request.out.drain();
        await().until(() -> request.completed.getCount() == 0);
        JsonObject answer = Json.createReader(new StringReader(request.answer())).readObject();
        assertThat(answer.getJsonArray("lines")).hasSize(10_000);
        assertThat(answer.getJsonArray("lines").getJsonObject(0).getInt("number")).isEqualTo(10_000);
    }

    @Test
    void aSessionThatWritesWithoutEndDoesNotKeepAnAnswerFromItsEnd() throws Exception {
        request.parameter("lines", "3").parameter("format", "text");
        request.out.fill();
        ask(ALICE);
        for (int n = 0; n < 100; n++) {
            log.say("line " + n);
        }
        request.out.drain();
        await().until(() -> request.completed.getCount() == 0);
        assertThat(request.answer().lines()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void aLogThatCannotBeReadIsToldWhereThereIsAForm(String follow) throws Exception {
        request.parameter("follow", follow);
        log.spoil();
        askForAll();
        if (follow.equals("true")) {
            assertThat(request.answer()).startsWith(":\n\nevent: error\ndata: {\"message\":");
        } else {
            assertThat(request.answer()).doesNotContain("]");
        }
    }

    @Test
    void whoeverFollowsGetsTheLatestAndWhatComesUntilTheEnd() throws Exception {
        request.parameter("follow", "true").parameter("lines", "1");
        ask(ALICE);
        await().until(() -> request.answer().contains("three"));
        assertThat(request.answerHeaders("Content-Type").get(0)).startsWith("text/event-stream");
        assertThat(request.answer()).startsWith(":\n\nid: 2\ndata: {\"number\":2,").doesNotContain("two");
        log.say("four");
        await().atMost(Duration.ofSeconds(30)).until(() -> request.answer().contains("four"));
        log.end();
        assertThat(request.completed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(request.answer()).endsWith("event: end\ndata: {}\n\n");
        assertThat(answers.size()).isZero();
    }

    @Test
    void whoeverComesBackGoesOnAfterTheLastEventItHas() throws IOException {
        request.parameter("follow", "true").header("Last-Event-ID", "0");
        ask(ALICE);
        await().until(() -> request.answer().contains("three"));
        assertThat(request.answer()).startsWith(":\n\nid: 1\n");
    }

    @Test
    void withoutLinesAskedForOnlyWhatComesIsSent() throws IOException {
        request.parameter("follow", "true").parameter("lines", "0");
        ask(ALICE);
        await().until(() -> log.waiting() == 1);
        assertThat(request.answer()).as("sent before there is a line").isEqualTo(":\n\n");
        log.say("four");
        await().until(() -> request.answer().contains("four"));
        assertThat(request.answer()).startsWith(":\n\nid: 3\n");
    }

    @Test
    void aCallerThatLeavesIsFoundOutByASignOfLife() throws Exception {
        request.parameter("follow", "true");
        ask(ALICE);
        await().until(() -> log.waiting() == 1);
        timer.forEach(Runnable::run);
        await().until(() -> request.answer().endsWith(":\n\n"));
        request.out.leave();
        await().until(() -> timer.size() >= 2);
        timer.get(timer.size() - 1).run();
        assertThat(request.completed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(answers.size()).isZero();
        assertThat(log.waiting()).isZero();
    }

    @Test
    void aCallerThatDoesNotReadHoldsUpNobody() throws IOException {
        request.parameter("follow", "true");
        request.out.fill();
        ask(ALICE);
        for (int n = 0; n < 1000; n++) {
            log.say("line " + n);
        }
        assertThat(request.answer()).isEmpty();
        request.out.drain();
        await().until(() -> request.answer().contains("line 999"));
    }

    @Test
    void oneCallerReadsSoManyLogsAndNoMore() throws IOException {
        for (int n = 0; n < LogAnswers.MOST_OF_ONE; n++) {
            FakeCaller another = new FakeCaller().parameter("follow", "true");
            handler.serve(new Operation.Call(another.request(), another.response(), PATH, ALICE, new WaitingReads()));
        }
        assertThatThrownBy(() -> ask(ALICE)).isInstanceOfSatisfying(RequestException.class,
                refused -> assertThat(refused.kind()).isEqualTo(Kind.THROTTLED));
        assertThat(answers.size()).isEqualTo(LogAnswers.MOST_OF_ONE);
    }
}
