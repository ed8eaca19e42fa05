package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.channel.GuestLink;
import dev.agentruntime.channel.HostLink;
import dev.agentruntime.channel.Limits;
import dev.agentruntime.channel.MuxStream;
import dev.agentruntime.channel.Reactor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The guest's way out over two real links; the host is this test. */
@Timeout(60)
class WayOutTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MILLIS = 20_000;

    @TempDir
    Path folder;

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final List<MuxStream> taken = new CopyOnWriteArrayList<>();
    private final List<String> targets = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private LinkPair links;
    private Reactor reactor;
    private SocketLoop loop;
    private SecondLink second;
    private WayOut way;
    private volatile Optional<HostLink> hostEnd = Optional.empty();
    private volatile Serving serving = this::echo;

    /** What the host does with a stream. */
    private interface Serving {
        void take(MuxStream stream) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        reactor = new Reactor(Runnable::run, "test-way-out");
        links = new LinkPair(folder, (stream, target) -> stream.close());
        loop = new SocketLoop("test-loop", log::add);
        second = new SecondLink(target -> links.guest().open(target), () -> {
            SocketPort port = new SocketPort(folder.resolve("egress.sock"));
            return GuestLink.wayOut(port, port, loop);
        });
        way = WayOut.open(0, loop, second, log::add, Duration.ofSeconds(5));
    }

    @AfterEach
    void stop() {
        hostEnd.ifPresent(HostLink::close);
        links.close();
        reactor.close();
        second.close();
        loop.close();
    }

    /** The session has begun: the host makes the second link when it is asked. */
    private void begin() {
        links.host().onStream((target, stream) -> links.threads.execute(() -> {
            asked.incrementAndGet();
            connect();
            stream.shutdownOutput();
            stream.close();
        }));
    }

    private void connect() {
        try {
            hostEnd.ifPresent(HostLink::close);
            HostLink link = HostLink.connect(folder.resolve("egress.sock"), reactor, PATIENCE, Limits.OUT_OF_HOST);
            link.onStream((target, stream) -> {
                targets.add(target);
                taken.add(stream);
                links.threads.execute(() -> serve(stream));
            });
            hostEnd = Optional.of(link);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void serve(MuxStream stream) {
        try {
            serving.take(stream);
        } catch (IOException e) {
            stream.close();
        }
    }

    private void echo(MuxStream stream) throws IOException {
        stream.input().transferTo(stream.output());
        stream.shutdownOutput();
        stream.close();
    }

    private Socket dial(int index, int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(HostsFile.address(index), port), MILLIS);
        socket.setSoTimeout(MILLIS);
        return socket;
    }

    private Socket dialProxy() throws IOException {
        Socket socket = new Socket("127.0.0.1", way.proxyPort());
        socket.setSoTimeout(MILLIS);
        return socket;
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private static String exchange(Socket socket, String text) throws IOException {
        try (socket) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void connectionsComeOutUnderTheNamesOfTheirDoors() throws Exception {
        begin();
        int port = freePort();
        way.lead(List.of(new Outbound("openai", port), new Outbound("orders-db", port)));
        assertThat(exchange(dial(0, port), "a question")).isEqualTo("a question");
        assertThat(exchange(dial(1, port), "select")).isEqualTo("select");
        assertThat(exchange(dialProxy(), "CONNECT")).isEqualTo("CONNECT");
        assertThat(targets).containsExactly("outbound/openai", "outbound/orders-db", "proxy");
        assertThat(asked).as("the link is asked for once").hasValue(1);
        assertThat(log).isEmpty();
    }

    @Test
    void nothingIsAskedForUntilSomebodyConnects() {
        begin();
        way.lead(List.of(new Outbound("openai", 0)));
        assertThat(asked).hasValue(0);
        assertThat(folder.resolve("egress.sock")).doesNotExist();
    }

    @Test
    void connectionsWaitWhileTheHostMakesTheLink() throws Exception {
        CompletableFuture<Void> may = new CompletableFuture<>();
        links.host().onStream((target, stream) -> links.threads.execute(() -> {
            may.join();
            connect();
            stream.shutdownOutput();
            stream.close();
        }));
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String text = "text " + i;
            answers.add(CompletableFuture.supplyAsync(() -> unchecked(() -> exchange(dialProxy(), text)), links.threads));
        }
        await().pollDelay(Duration.ofMillis(300)).until(() -> answers.stream().noneMatch(CompletableFuture::isDone));
        may.complete(null);
        for (int i = 0; i < 20; i++) {
            assertThat(answers.get(i).join()).isEqualTo("text " + i);
        }
    }

    private interface Step<T> {
        T run() throws IOException;
    }

    private static <T> T unchecked(Step<T> step) {
        try {
            return step.run();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void beforeASessionBeginsTheProxySaysThatNothingLeavesAndTheLogDoesOnce() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(exchange(dialProxy(), "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n"))
                    .startsWith("HTTP/1.1 503 ").endsWith("\r\n\r\nnothing leaves this guest now: no session has begun, or the host lets nothing out\n");
        }
        assertThat(log).containsExactly("supervisor: a connection to the proxy was refused: nothing leaves this guest now: no session has begun,"
                + " or the host lets nothing out");
    }

    @Test
    void connectionsThatAreRefusedLeaveNothingBehind() throws Exception {
        way = WayOut.open(0, loop, second, log::add, Duration.ofHours(1)); // what was left behind would be there for as long
        for (int i = 0; i < 50; i++) {
            assertThat(exchange(dialProxy(), "CONNECT x:1 HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 503 ");
        }
        await().atMost(PATIENCE).untilAsserted(() -> {
            CompletableFuture<Integer> alarms = new CompletableFuture<>();
            loop.execute(() -> alarms.complete(loop.alarms()));
            assertThat(alarms.join()).isLessThanOrEqualTo(1);
        });
    }

    @Test
    void eachOfThoseWhoWaitIsGivenUpInItsTurn() throws Exception {
        links.host().onStream((target, stream) -> {
            stream.shutdownOutput();
            stream.close();
        });
        long begun = System.nanoTime();
        CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> unchecked(() -> exchange(dialProxy(), "GET")), links.threads);
        await().pollDelay(Duration.ofSeconds(1)).until(() -> !first.isDone());
        CompletableFuture<String> second = CompletableFuture.supplyAsync(() -> unchecked(() -> exchange(dialProxy(), "GET")), links.threads);
        assertThat(first.join()).contains("did not make the way out within");
        assertThat(second).isNotDone();
        assertThat(second.join()).contains("did not make the way out within");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void beforeASessionBeginsNamesAreResetAndAfterwardsTheyWork() throws Exception {
        int port = freePort();
        way.lead(List.of(new Outbound("db", port)));
        assertThatThrownBy(() -> exchange(dial(0, port), "x")).isInstanceOf(IOException.class);
        assertThat(log).singleElement().asString().contains("db.outbound", "nothing leaves this guest");
        begin();
        assertThat(exchange(dial(0, port), "x")).isEqualTo("x");
    }

    @Test
    void aHostThatMakesNoLinkIsWaitedForOnlySoLong() throws Exception {
        links.host().onStream((target, stream) -> {
            stream.shutdownOutput();
            stream.close();
        });
        long begun = System.nanoTime();
        assertThat(exchange(dialProxy(), "GET")).contains("did not make the way out within");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void megabytesGoBothWaysAsTheyAreAndEachDirectionEndsByItself() throws Exception {
        begin();
        byte[] question = new byte[3_000_000];
        new Random(1).nextBytes(question);
        CompletableFuture<byte[]> heard = new CompletableFuture<>();
        serving = stream -> {
            heard.complete(stream.input().readAllBytes());
            stream.output().write(question);
            stream.output().write("late answer".getBytes());
            stream.shutdownOutput();
        };
        try (Socket socket = dialProxy()) {
            socket.getOutputStream().write(question);
            socket.shutdownOutput();
            assertThat(heard.join()).isEqualTo(question);
            assertThat(socket.getInputStream().readNBytes(question.length)).isEqualTo(question);
            assertThat(new String(socket.getInputStream().readAllBytes())).isEqualTo("late answer");
        }
    }

    @Test
    void anAnswerMayEndBeforeTheQuestion() throws Exception {
        begin();
        CompletableFuture<String> heard = new CompletableFuture<>();
        serving = stream -> {
            stream.output().write("no".getBytes());
            stream.shutdownOutput();
            heard.complete(new String(stream.input().readAllBytes()));
        };
        try (Socket socket = dialProxy()) {
            assertThat(new String(socket.getInputStream().readAllBytes())).isEqualTo("no");
            socket.getOutputStream().write("still here".getBytes());
            socket.shutdownOutput();
            assertThat(heard.join()).isEqualTo("still here");
        }
    }

    @Test
    void aStreamThatTheHostResetsIsAResetForTheAgent() throws Exception {
        begin();
        serving = MuxStream::close;
        try (Socket socket = dialProxy()) {
            assertThatThrownBy(() -> {
                socket.getOutputStream().write(1);
                socket.getInputStream().read();
            }).isInstanceOf(IOException.class).hasMessageContaining("reset");
        }
    }

    @Test
    void anAgentThatBreaksOffResetsItsStream() throws Exception {
        begin();
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        serving = stream -> {
            try {
                stream.input().readAllBytes();
                seen.complete(new AssertionError("ended and was not reset"));
            } catch (IOException reset) {
                seen.complete(reset);
            }
        };
        Socket socket = dialProxy();
        socket.getOutputStream().write(1);
        await().until(() -> !taken.isEmpty());
        socket.setSoLinger(true, 0);
        socket.close();
        assertThat(seen).succeedsWithin(PATIENCE).asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.THROWABLE).hasMessageContaining("reset");
    }

    @Test
    void whoDoesNotReadHoldsUpItsOwnConnectionOnlyAndInBoundedMemory() throws Exception {
        begin();
        AtomicInteger sent = new AtomicInteger();
        serving = stream -> {
            if (stream.input().read() == 's') {
                byte[] block = new byte[10_000];
                while (true) {
                    stream.output().write(block);
                    sent.addAndGet(block.length);
                }
            }
            echo(stream);
        };
        try (Socket deaf = dialProxy()) {
            deaf.getOutputStream().write('s');
            await().until(() -> {
                int before = sent.get();
                return before > 0 && holds(() -> sent.get() == before);
            });
            assertThat(sent.get()).isLessThan(12_000_000);
            for (int i = 0; i < 20; i++) {
                assertThat(exchange(dialProxy(), "e" + i)).isEqualTo("" + i);
            }
        }
    }

    private static boolean holds(java.util.function.BooleanSupplier condition) {
        await().pollDelay(Duration.ofMillis(300)).until(() -> true);
        return condition.getAsBoolean();
    }

    @Test
    void moreConnectionsThanStreamsWaitTheirTurnAndNoneIsRefused() throws Exception {
        begin();
        CompletableFuture<Void> gate = new CompletableFuture<>();
        serving = stream -> {
            gate.join();
            echo(stream);
        };
        int port = freePort();
        way.lead(List.of(new Outbound("a", port), new Outbound("b", port), new Outbound("c", port)));
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            int door = i % 3;
            String text = "text " + i;
            answers.add(CompletableFuture.supplyAsync(() -> unchecked(() -> exchange(dial(door, port), text)), links.threads));
        }
        await().until(() -> taken.size() == WayOut.MOST);
        assertThat(holds(() -> taken.size() == WayOut.MOST)).isTrue();
        gate.complete(null);
        for (int i = 0; i < 300; i++) {
            assertThat(answers.get(i).get()).isEqualTo("text " + i);
        }
        assertThat(log).isEmpty();
        assertThat(asked).hasValue(1);
    }

    @Test
    void oneOutboundDoesNotTakeTheWayOfAllOthers() throws Exception {
        begin();
        int port = freePort();
        way.lead(List.of(new Outbound("greedy", port), new Outbound("modest", port)));
        List<Socket> held = new ArrayList<>();
        try {
            for (int i = 0; i < WayOut.MOST_OF_ONE + 30; i++) {
                held.add(dial(0, port));
            }
            await().until(() -> taken.size() == WayOut.MOST_OF_ONE);
            assertThat(exchange(dial(1, port), "me too")).isEqualTo("me too");
            held.remove(0).close();
            await().until(() -> targets.stream().filter("outbound/greedy"::equals).count() == WayOut.MOST_OF_ONE + 1);
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    @Test
    void aLinkThatIsLostResetsItsConnectionsAndIsAskedForAgain() throws Exception {
        begin();
        try (Socket socket = dialProxy()) {
            socket.getOutputStream().write(1);
            assertThat(socket.getInputStream().read()).isEqualTo(1);
            hostEnd.orElseThrow().close();
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(IOException.class);
        }
        await().untilAsserted(() -> assertThat(exchange(dialProxy(), "again")).isEqualTo("again"));
        assertThat(asked.get()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void namesAreReplacedAndWhatIsConnectedStays() throws Exception {
        begin();
        int port = freePort();
        way.lead(List.of(new Outbound("old", port)));
        try (Socket socket = dial(0, port)) {
            socket.getOutputStream().write(1);
            assertThat(socket.getInputStream().read()).isEqualTo(1);
            way.lead(List.of(new Outbound("new", port)));
            assertThat(exchange(dial(0, port), "x")).isEqualTo("x");
            assertThat(targets).containsExactly("outbound/old", "outbound/new");
            socket.getOutputStream().write(2);
            assertThat(socket.getInputStream().read()).isEqualTo(2);
            way.lead(List.of());
            assertThatThrownBy(() -> dial(0, port)).isInstanceOf(IOException.class);
            assertThat(exchange(dialProxy(), "y")).isEqualTo("y");
        }
    }

    @Test
    void anAddressThatIsTakenFailsWithTheNameOfItsOutbound() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getByName(HostsFile.address(1)))) {
            assertThatThrownBy(() -> way.lead(List.of(new Outbound("free", 0), new Outbound("mail", taken.getLocalPort()))))
                    .isInstanceOf(GuestException.class).hasMessageContaining("mail.outbound");
        }
    }

    @Test
    void namesThatCouldNotAllBeLedLeadNowhereAndTheOnesBeforeCanBeLedAgain() throws Exception {
        begin();
        int port = freePort();
        List<Outbound> good = List.of(new Outbound("good", port));
        way.lead(good);
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getByName(HostsFile.address(1)))) {
            assertThatThrownBy(() -> way.lead(List.of(new Outbound("good", port), new Outbound("mail", taken.getLocalPort()))))
                    .isInstanceOf(GuestException.class);
            assertThatThrownBy(() -> dial(0, port)).isInstanceOf(IOException.class);
        }
        way.lead(good);
        assertThat(exchange(dial(0, port), "x")).isEqualTo("x");
    }

    @Test
    void aGuestWithoutASecondPortRefusesCleanly() throws Exception {
        SecondLink none = new SecondLink(target -> links.guest().open(target), () -> {
            throw new GuestException("no such port");
        });
        WayOut dead = WayOut.open(0, loop, none, log::add);
        try (Socket socket = new Socket("127.0.0.1", dead.proxyPort())) {
            assertThat(exchange(socket, "GET")).startsWith("HTTP/1.1 503");
        }
    }

    @Test
    void aRequestThatGoesOnIsReadToItsEndBeforeTheProxyCloses() throws Exception {
        try (Socket socket = dialProxy()) {
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.write("POST http://example.com/ HTTP/1.1\r\nContent-Length: 200000\r\n\r\n".getBytes());
            request.write(new byte[200_000]);
            socket.getOutputStream().write(request.toByteArray());
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            assertThat(new String(in.readAllBytes())).startsWith("HTTP/1.1 503");
        }
    }
}
