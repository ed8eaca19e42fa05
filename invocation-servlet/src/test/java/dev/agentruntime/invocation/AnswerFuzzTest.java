package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.Invocation.Outcome;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Target;
import dev.agentruntime.fuzz.Corpus;
import dev.agentruntime.fuzz.Fuzz;
import dev.agentruntime.fuzz.Mutations;
import dev.agentruntime.invocation.CannedGuest.End;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What an agent answers to an invocation, head and body: answers of a corpus, changed. */
class AnswerFuzzTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Caller ALICE = new Caller(new Subject("https://idp.test", "alice"), false);
    private static final Corpus CORPUS = Corpus.of(AnswerFuzzTest.class, "corpus/http");
    private static final byte[] GOOD = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private FrontDoor door;
    private int sessions;

    @BeforeEach
    void start() {
        door = FrontDoor.open(new FrontDoorLimits(Duration.ofSeconds(15)));
    }

    @AfterEach
    void stop() {
        door.close();
        threads.shutdownNow();
    }

    private final class Guest extends FakeInvocation {
        private final List<ByteBuffer> answer;
        private final End end;

        Guest(String session, List<ByteBuffer> answer, End end) {
            super(session, 0, List::of);
            this.answer = answer;
            this.end = end;
        }

        @Override
        public GuestStream connect(Target target) {
            return new CannedGuest(answer.stream().map(ByteBuffer::duplicate).toList(), end, threads);
        }
    }

    @TestFactory
    List<DynamicTest> eachOfTheCorpusIsPassedOrRefused() {
        return CORPUS.inputs().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> answer(entry.getValue(), new Random(1)))).toList();
    }

    @Test
    void whateverAnAgentAnswersItsCallerIsAnsweredAndTheNextOneToo() {
        Fuzz.run(100, random -> answer(CORPUS.mutated(random), random));
    }

    private void answer(byte[] bytes, Random random) throws Exception {
        End end = random.nextBoolean() ? End.ENDED : End.RESET;
        FakeCaller caller = new FakeCaller().body(new byte[] {'{', '}'});
        Guest hostile = new Guest("session-" + sessions++, Mutations.pieces(bytes, random), end);
        exchange(caller, hostile);
        assertThat(hostile.outcome).succeedsWithin(LONG);
        assertThat(caller.completed.await(20, TimeUnit.SECONDS)).as("%s, after %s", caller, hostile.outcome).isTrue();
        judge(caller);
        FakeCaller next = new FakeCaller().body(new byte[] {'{', '}'});
        Guest good = new Guest("session-" + sessions++, List.of(ByteBuffer.wrap(GOOD)), End.SILENT);
        exchange(next, good);
        assertThat(good.outcome).succeedsWithin(LONG).isEqualTo(Outcome.SUCCESS);
        assertThat(next.answer()).isEqualTo("ok");
    }

    /** Nothing in a head that reaches the caller begins a line, belongs to the connection, or was the platform's to say. */
    private static void judge(FakeCaller caller) {
        assertThat(caller.status()).isBetween(200, 599);
        assertThat(caller.getHeaderNamesOfAnswer()).allSatisfy(name -> {
            assertThat(name).matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
            assertThat(name.toLowerCase(Locale.ROOT)).isNotIn("set-cookie", "transfer-encoding", "www-authenticate", "location", "upgrade");
            assertThat(caller.answerHeaders(name)).allSatisfy(value -> assertThat(value).matches("[^\\r\\n\\x00]*"));
        });
        assertThat(caller.answerHeaders("connection")).as("the front door's own").isSubsetOf("close");
        assertThat(caller.answerHeaders(Headers.SESSION_ID)).hasSizeLessThanOrEqualTo(1).allSatisfy(id -> assertThat(id).startsWith("session-"));
    }

    private void exchange(FakeCaller caller, Guest guest) throws IOException {
        Exchange.begin(caller.request(), caller.response(), "echo", ALICE, new OneInvocation(CompletableFuture.completedFuture(guest)), door);
    }
}
