package dev.agentruntime.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ControlExchangeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Reactor reactor;
    private FakePort port;
    private GuestLink guest;
    private HostLink link;
    private volatile CompletableFuture<MuxStream> watched = new CompletableFuture<>();

    @BeforeEach
    void connect() throws IOException {
        Path path = directory.resolve("agent.sock");
        reactor = new Reactor(threads);
        port = new FakePort(path, FakePort.EndOfFile.SEEN);
        guest = GuestLink.serve(port, port, threads, this::supervise);
        link = HostLink.connect(path, reactor, PATIENCE);
    }

    @AfterEach
    void stop() {
        link.close();
        reactor.close();
        guest.close();
        threads.shutdownNow();
    }

    private void supervise(MuxStream stream, String target) throws IOException {
        assertThat(target).isEqualTo(Targets.CONTROL);
        ControlMessage request = ControlMessage.readFrom(stream.input());
        OutputStream out = stream.output();
        switch (request.verb()) {
            case "length" -> {
                byte[] body = request.body(stream.input()).readAllBytes();
                new ControlReply(ControlMessage.of("ok").with("bytes", "" + body.length), body.length < 100 ? body : new byte[0]).writeTo(out);
            }
            case "refuse" -> new ControlReply(ControlMessage.error("not today"), "line\n".getBytes(StandardCharsets.UTF_8)).writeTo(out);
            case "nonsense" -> out.write("what\n\n".getBytes(StandardCharsets.US_ASCII));
            case "huge" -> ControlMessage.of("ok").withLength(10_000_000).writeTo(out);
            case "watch" -> {
                watched.complete(stream);
                return;
            }
            default -> {
                return;
            }
        }
        out.close();
        stream.close();
    }

    private void serverEnds(ControlMessage head, String log) throws IOException {
        MuxStream stream = watched.join();
        new ControlReply(head, log.getBytes(StandardCharsets.UTF_8)).writeTo(stream.output());
        stream.shutdownOutput();
        stream.close();
    }

    @Test
    void theEndOfTheServerIsToldAtOnceWithItsReasonAndItsLastLines() throws Exception {
        CompletableFuture<ServerEnd> end = ServerEnd.watch(link).toCompletableFuture();
        assertThat(ControlExchange.call(link, ControlMessage.of("length"), PATIENCE).isOk()).isTrue();
        assertThat(end).isNotDone();
        serverEnds(ControlMessage.of("ok").with("reason", "exit code 7"), "one\ntwo\n");
        assertThat(end).succeedsWithin(PATIENCE).isEqualTo(new ServerEnd("exit code 7", List.of("one", "two")));
    }

    @Test
    void aWatchEndsWithItsLink() throws Exception {
        CompletableFuture<ServerEnd> end = ServerEnd.watch(link).toCompletableFuture();
        watched.join();
        port.close();
        assertThat(end).failsWithin(PATIENCE).withThrowableThat().withCauseInstanceOf(IOException.class);
        assertThat(ServerEnd.watch(link).toCompletableFuture()).failsWithin(PATIENCE);
    }

    @Test
    void aGuestThatRefusesToBeWatchedOrGivesNoReasonOrTalksTooMuchIsNoEndOfTheServer() throws Exception {
        for (ControlMessage answer : List.of(ControlMessage.error("unknown request"), ControlMessage.of("ok"))) {
            watched = new CompletableFuture<>();
            CompletableFuture<ServerEnd> end = ServerEnd.watch(link).toCompletableFuture();
            serverEnds(answer, "");
            assertThat(end).failsWithin(PATIENCE).withThrowableThat().withMessageContaining("does not tell when its server ends");
        }
        watched = new CompletableFuture<>();
        CompletableFuture<ServerEnd> end = ServerEnd.watch(link).toCompletableFuture();
        MuxStream stream = watched.join();
        threads.execute(() -> flood(stream));
        assertThat(end).failsWithin(PATIENCE).withThrowableThat().withMessageContaining("longer than");
        assertThat(ControlExchange.call(link, ControlMessage.of("length"), PATIENCE).isOk()).isTrue();
    }

    private static void flood(MuxStream stream) {
        try (OutputStream out = stream.output()) {
            for (int i = 0; i < 1000; i++) {
                out.write(new byte[10_000]);
            }
        } catch (IOException refused) {
            assertThat(refused).hasMessageContaining("reset");
        }
    }

    @Test
    void anAnswerLongerThanItsReaderTakesIsRefused() {
        assertThatThrownBy(() -> ControlExchange.call(link, ControlMessage.of("refuse"), PATIENCE, 4)).hasMessageContaining("more than 4");
    }

    @Test
    void aRequestWithItsBodyGetsAnAnswerWithItsBody() throws Exception {
        ControlReply reply = ControlExchange.call(link, ControlMessage.of("length").withLength(5),
                new ByteArrayInputStream("helloX".getBytes(StandardCharsets.US_ASCII)), PATIENCE);
        assertThat(reply.isOk()).isTrue();
        assertThat(reply.text()).isEqualTo("hello");
        assertThat(reply.head().field("bytes")).contains("5");
    }

    @Test
    void aLargeBodyArrives() throws Exception {
        ControlReply reply = ControlExchange.call(link, ControlMessage.of("length").withLength(20_000_000),
                new ByteArrayInputStream(new byte[20_000_000]), PATIENCE);
        assertThat(reply.head().field("bytes")).contains("20000000");
    }

    @Test
    void aRefusalIsHeardEvenWhenTheBodyWasNotRead() throws Exception {
        ControlReply reply = ControlExchange.call(link, ControlMessage.of("refuse").withLength(20_000_000),
                new ByteArrayInputStream(new byte[20_000_000]), PATIENCE);
        assertThat(reply.isOk()).isFalse();
        assertThat(reply.message()).isEqualTo("not today");
        assertThat(reply.text()).isEqualTo("line\n");
    }

    @Test
    void aGuestThatDoesNotAnswerIsGivenUp() {
        assertThatThrownBy(() -> ControlExchange.call(link, ControlMessage.of("sleep"), Duration.ofMillis(100)))
                .isInstanceOf(SocketTimeoutException.class).hasMessageContaining("'sleep'");
    }

    @Test
    void anAnswerThatIsNoneIsRefused() {
        assertThatThrownBy(() -> ControlExchange.call(link, ControlMessage.of("nonsense"), PATIENCE))
                .isInstanceOf(IOException.class).hasMessageContaining("'what'");
        assertThatThrownBy(() -> ControlExchange.call(link, ControlMessage.of("huge"), PATIENCE))
                .isInstanceOf(IOException.class).hasMessageContaining("10000000");
    }

    @Test
    void aBodyShorterThanAnnouncedIsTheCallersFault() {
        assertThatThrownBy(() -> ControlExchange.call(link, ControlMessage.of("length").withLength(5),
                new ByteArrayInputStream(new byte[3]), PATIENCE)).isInstanceOf(EOFException.class);
    }
}
