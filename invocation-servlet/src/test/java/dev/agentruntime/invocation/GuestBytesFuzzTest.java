package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.fuzz.Corpus;
import dev.agentruntime.fuzz.Fuzz;
import dev.agentruntime.fuzz.Mutations;
import dev.agentruntime.invocation.AgentHandshake.Accepted;
import dev.agentruntime.invocation.AgentHandshake.RefusedException;
import dev.agentruntime.invocation.CannedGuest.End;
import dev.agentruntime.invocation.Events.Event;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What guests send besides answers to invocations: to a request for a WebSocket, on one, and as the output of a command. */
class GuestBytesFuzzTest {

    private static final Pattern KEY = Pattern.compile("Sec-WebSocket-Key: (.*)\r\n");
    private static final int MOST_OUTPUT = 100_000;

    private final Corpus handshakes = corpus("handshake");
    private final Corpus frames = corpus("frames");
    private final Corpus commands = corpus("command");
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private static Corpus corpus(String name) {
        return Corpus.of(GuestBytesFuzzTest.class, "corpus/" + name);
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private static End end(Random random) {
        return random.nextBoolean() ? End.ENDED : End.RESET;
    }

    @Test
    void aRequestForAWebSocketIsAcceptedOrRefusedWithASentence() {
        for (byte[] input : handshakes.inputs().values()) {
            shake(input, new Random(1));
        }
        Fuzz.run(150, random -> shake(handshakes.mutated(random), random));
    }

    private void shake(byte[] input, Random random) {
        boolean knowsTheKey = random.nextBoolean();
        List<ByteBuffer> pieces = knowsTheKey ? List.of(ByteBuffer.wrap(input.clone())) : Mutations.pieces(input, random);
        CannedGuest guest = new CannedGuest(pieces, end(random), threads);
        if (knowsTheKey) {
            guest.making(piece -> accepting(piece, guest.heard()));
        }
        try {
            Accepted accepted = AgentHandshake.begin(guest, threads, "/ws", HttpFields.EMPTY, List.of("a", "b")).toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(accepted.protocol().orElse("a")).isIn("a", "b");
            assertThat(accepted.early().remaining()).isLessThan(AgentClient.MOST_HEAD_BYTES);
        } catch (ExecutionException refused) {
            assertThat(refused.getCause()).isInstanceOf(IOException.class);
            if (refused.getCause() instanceof RefusedException why) {
                assertThat(why.getMessage()).hasSizeLessThan(400).matches("[^\\p{Cc}]*");
            }
        } catch (InterruptedException | TimeoutException never) {
            throw new AssertionError("neither accepted nor refused", never);
        }
    }

    private static ByteBuffer accepting(ByteBuffer piece, String request) {
        Matcher key = KEY.matcher(request);
        assertThat(key.find()).isTrue();
        String answer = StandardCharsets.ISO_8859_1.decode(piece).toString();
        return ByteBuffer.wrap(answer.replace("ACCEPT", WebSocketHandshake.accept(key.group(1))).getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void ofAWebSocketOnlyFramesPassThatAServerMaySendAndTheSameInWhateverPieces() {
        for (byte[] input : frames.inputs().values()) {
            assertThat(passed(Mutations.pieces(input, new Random(1)))).isEqualTo(passed(List.of(ByteBuffer.wrap(input))));
        }
        Fuzz.run(500, random -> {
            byte[] input = frames.mutated(random);
            String passed = passed(List.of(ByteBuffer.wrap(input)));
            assertThat(passed(Mutations.pieces(input, random))).isEqualTo(passed);
            // What passed is a beginning of what came, and what is judged again passes again.
            byte[] bytes = passed.substring(passed.indexOf('\n') + 1).getBytes(StandardCharsets.ISO_8859_1);
            assertThat(new String(input, StandardCharsets.ISO_8859_1)).startsWith(new String(bytes, StandardCharsets.ISO_8859_1));
            assertThat(passed(List.of(ByteBuffer.wrap(bytes)))).endsWith(passed.substring(passed.indexOf('\n')));
        });
    }

    private static String passed(List<ByteBuffer> pieces) {
        FrameMeter meter = FrameMeter.ofServer();
        ByteBuffer to = ByteBuffer.allocate(4 * MOST_OUTPUT);
        String why = "";
        try {
            for (ByteBuffer piece : pieces) {
                ByteBuffer from = piece.duplicate();
                meter.pass(from, to, true);
                assertThat(from.hasRemaining() && to.remaining() >= FrameMeter.MOST_KEPT).isFalse();
            }
        } catch (FrameException refused) {
            why = refused.code() + " " + refused.getMessage();
            assertThat(refused.code()).isIn(WebSocketClose.PROTOCOL_ERROR, WebSocketClose.NO_TEXT, WebSocketClose.TOO_BIG);
        }
        return why + meter.close().map(close -> " closed " + close.code()).orElse("") + "\n" + StandardCharsets.ISO_8859_1.decode(to.flip());
    }

    @Test
    void theOutputOfACommandIsEventsWithAnEndAndBounded() throws Exception {
        for (byte[] input : commands.inputs().values()) {
            command(input, new Random(1));
        }
        Fuzz.run(60, random -> command(commands.mutated(random), random));
    }

    private void command(byte[] input, Random random) throws Exception {
        CannedGuest guest = new CannedGuest(Mutations.pieces(input, random), end(random), threads);
        CommandOutput output = new CommandOutput(guest, new CommandOrder("true", Duration.ofSeconds(1)), threads, Optional::empty, MOST_OUTPUT);
        List<Event> events = Events.all(new ByteArrayInputStream(read(output)));
        assertThat(events).allSatisfy(event -> assertThat(event.bytes()).isLessThanOrEqualTo(64 * 1024));
        assertThat(events.get(0).json()).containsKey("contentStart");
        Event last = events.get(events.size() - 1);
        assertThat(last.json().containsKey("contentStop")).isEqualTo(output.isCompleted());
        assertThat(last.headers().containsKey(":exception-type")).isEqualTo(!output.isCompleted());
        assertThat(Events.said(events, "stdout").length() + Events.said(events, "stderr").length()).isLessThanOrEqualTo(MOST_OUTPUT);
        assertThat(guest.isClosed()).isTrue();
    }

    private static byte[] read(CommandOutput output) throws InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean last = false;
        while (!last) {
            Content.Chunk chunk = output.read();
            if (chunk == null) {
                CountDownLatch there = new CountDownLatch(1);
                output.demand(there::countDown);
                assertThat(there.await(20, TimeUnit.SECONDS)).as("called back").isTrue();
            } else {
                bytes.write(chunk.getByteBuffer().array(), 0, chunk.remaining());
                last = chunk.isLast();
            }
        }
        return bytes.toByteArray();
    }
}
