package dev.agentruntime.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.agentruntime.api.ConnectionsView;
import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.OutboundConnection;
import dev.agentruntime.api.OutboundConnection.Outcome;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Target;
import dev.agentruntime.api.Usage;
import dev.agentruntime.config.Attributes;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is kept of a session's connections, and when its guest waits for one. */
class ConnectionsTest extends EgressTestBase {

    private volatile boolean faulty;

    private ConnectionsView kept() {
        return shelf.of(view(SESSION.owner())).orElseThrow();
    }

    private static SessionView view(Subject owner) {
        return new SessionView(SESSION.sessionId(), SESSION.runtime(), "", SessionView.Status.ACTIVE, owner, Instant.EPOCH, Instant.EPOCH,
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), new Usage(0, BigDecimal.ZERO, 0, 0, MeterSource.CGROUP));
    }

    private static void asks(Socket guest, String request) throws IOException {
        guest.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void aSessionThatEndsAfterTheWayOutWasClosedIsForgottenAsAnyOther() {
        AtomicLong nanos = new AtomicLong();
        ConnectionShelf kept = new ConnectionShelf(nanos::get);
        Egress closed = new Egress(EgressSettings.read(Attributes.of(EgressSettings.ELEMENT, Map.of())), this::rulesOf,
                InetAddress::getAllByName, ssl -> context(), kept, records::add, List::of, Optional::empty);
        SessionWay session = closed.join(SESSION);
        closed.close();
        await().until(() -> hasNoLoop(session));
        session.close();
        assertThat(kept.of(view(SESSION.owner()))).isPresent();
        nanos.addAndGet(ConnectionShelf.KEPT.toNanos());
        assertThat(kept.of(view(SESSION.owner()))).isEmpty();
    }

    /** A stream is closed at once where there is no loop any more. */
    private static boolean hasNoLoop(SessionWay session) {
        TestStream stream = new TestStream();
        session.opened(new Target("outbound/none"), stream);
        try {
            stream.read(ByteBuffer.allocate(1));
            return false;
        } catch (IOException atOnce) {
            return true;
        }
    }

    @Test
    void eachConnectionIsKeptWithHostPortBytesAndOutcomeAndNoSecret() throws Exception {
        HttpServer server = server(exchange -> answer(exchange, 200, "here"));
        outbound("model", "url", "http://127.0.0.1:" + port(server) + "/v1", "header", "Authorization", "value", "Bearer sk-secret");
        talk(port("outbound/model"), "POST /chat?q=private HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret");
        talk(port("proxy"), get("http://elsewhere.example/private"));
        await().until(() -> kept().newest().size() == 2);
        OutboundConnection first = kept().newest().get(0);
        assertThat(first.way()).isEqualTo("outbound/model");
        assertThat(first.host()).isEqualTo("127.0.0.1");
        assertThat(first.port()).isEqualTo(OptionalInt.of(port(server)));
        assertThat(first.outcome()).isEqualTo(Outcome.OK);
        assertThat(first.bytesOut()).isGreaterThan(6);
        assertThat(first.bytesIn()).isGreaterThan(4);
        assertThat(first.took()).isPositive();
        OutboundConnection second = kept().newest().get(1);
        assertThat(second.host()).isEqualTo("elsewhere.example");
        assertThat(second.outcome()).isEqualTo(Outcome.DENIED);
        assertThat(second.reason()).contains("<allow host=\"elsewhere.example\" ports=\"80\"/>");
        assertThat(kept().ended()).containsEntry(Outcome.OK, 1L).containsEntry(Outcome.DENIED, 1L);
        assertThat(kept().bytesOut()).isEqualTo(first.bytesOut() + second.bytesOut());
        assertThat(kept().toString()).doesNotContain("secret").doesNotContain("private");
    }

    @Test
    void whoeverMetersIsToldOfEach() throws Exception {
        List<OutboundConnection> told = new CopyOnWriteArrayList<>();
        way().onConnection(told::add);
        talk(port("proxy"), get("http://elsewhere.example/"));
        await().untilAsserted(() -> assertThat(told).singleElement().satisfies(one -> assertThat(one.outcome()).isEqualTo(Outcome.DENIED)));
    }

    @Test
    void aConnectionThatIsOpenIsShownWithItsBytesSoFar() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            outbound("db", "tcp", "127.0.0.1:" + server.getLocalPort());
            try (Socket guest = port("outbound/db").connect(); Socket outside = server.accept()) {
                asks(guest, "1234567");
                assertThat(outside.getInputStream().readNBytes(7)).hasSize(7);
                assertThat(kept().newest()).singleElement().satisfies(one -> {
                    assertThat(one.outcome()).isEqualTo(Outcome.OPEN);
                    assertThat(one.port()).hasValue(server.getLocalPort());
                    assertThat(one.bytesOut()).isEqualTo(7);
                });
                assertThat(kept().ended()).isEmpty();
            }
            await().until(() -> kept().ended().size() == 1);
        }
    }

    @Test
    void theNewestAreKeptAndTheSumsAreOfAll() {
        ConnectionLog log = new ConnectionLog(SESSION, record -> { });
        for (int i = 0; i < 1_000; i++) {
            log.refused("outbound/" + i, Refusal.limited("too many"));
        }
        assertThat(log.view().newest()).hasSize(ConnectionLog.MOST);
        assertThat(log.view().newest().get(ConnectionLog.MOST - 1).way()).isEqualTo("outbound/999");
        assertThat(log.view().ended()).containsEntry(Outcome.LIMITED, 1_000L);
    }

    @Test
    void whatAGuestWroteIsNoControlCharacterInARecord() {
        ConnectionLog log = new ConnectionLog(SESSION, record -> { });
        log.refused("outbound/\u001b[2J\r\n" + "x".repeat(10_000), Refusal.limited("\u0007"));
        assertThat(log.view().newest().get(0).way()).doesNotContain("\u001b", "\r", "\n").hasSizeLessThan(600);
        assertThat(log.view().newest().get(0).reason()).isEqualTo("?");
    }

    @Test
    void theyAreOfTheSessionsOwnerAndKeptForAnHourAfterItsEnd() {
        AtomicLong nanos = new AtomicLong();
        ConnectionShelf own = new ConnectionShelf(nanos::get);
        ConnectionLog log = new ConnectionLog(SESSION, record -> { });
        own.begun(SESSION, log);
        assertThat(own.of(view(SESSION.owner()))).isPresent();
        assertThat(own.of(view(new Subject("https://idp", "bob")))).isEmpty();
        own.ended(SESSION, log);
        nanos.addAndGet(ConnectionShelf.KEPT.toNanos() - 1);
        assertThat(own.of(view(SESSION.owner()))).isPresent();
        nanos.addAndGet(1);
        assertThat(own.of(view(SESSION.owner()))).isEmpty();
    }

    @Test
    void aSessionThatBeginsAnewUnderItsIdHasARecordOfItsOwn() {
        ConnectionShelf own = new ConnectionShelf();
        ConnectionLog first = new ConnectionLog(SESSION, record -> { });
        ConnectionLog second = new ConnectionLog(SESSION, record -> { });
        own.begun(SESSION, first);
        first.refused("proxy", Refusal.denied("no"));
        own.begun(SESSION, second);
        own.ended(SESSION, first);
        assertThat(own.of(view(SESSION.owner())).orElseThrow().newest()).isEmpty();
    }

    @Test
    void ofSessionsThatHaveEndedSoManyAreKept() {
        ConnectionShelf own = new ConnectionShelf();
        for (int i = 0; i <= ConnectionShelf.MOST_ENDED; i++) {
            ConnectionLog log = new ConnectionLog(facts("session-" + i), record -> { });
            own.begun(facts("session-" + i), log);
            own.ended(facts("session-" + i), log);
        }
        assertThat(own.of(view(SESSION.owner()))).as("the second, " + SESSION.sessionId()).isPresent();
        ConnectionLog another = new ConnectionLog(facts("another"), record -> { });
        own.begun(facts("another"), another);
        own.ended(facts("another"), another);
        assertThat(own.of(view(SESSION.owner()))).isEmpty();
    }

    @Test
    void aGuestWaitsWhileARequestHasNoAnswerAndNotOnceItHas() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        HttpServer server = server(exchange -> {
            NamedOutboundTest.await(answered);
            answer(exchange, 200, "at last");
        });
        outbound("model", "url", "http://127.0.0.1:" + port(server));
        assertThat(way().waits()).isFalse();
        try (Socket guest = port("outbound/model").connect()) {
            asks(guest, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            await().until(() -> way().waits());
            answered.countDown();
            await().until(() -> !way().waits());
            assertThat(kept().ended()).containsEntry(Outcome.OK, 1L);
        }
    }

    @Test
    void aGuestThatListensForEventsDoesNotWaitOnceTheyHaveBegun() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        HttpServer server = server(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream;charset=UTF-8");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            out.write(":\n\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
            NamedOutboundTest.await(over);
            exchange.close();
        });
        outbound("tools", "url", "http://127.0.0.1:" + port(server));
        try (Socket listens = port("outbound/tools").connect()) {
            asks(listens, "GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(listens.getInputStream().read()).isEqualTo('H');
            await().until(() -> !way().waits());
            try (Socket asks = port("outbound/tools").connect()) {
                asks(asks, "POST /answer HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
                assertThat(asks.getInputStream().read()).isEqualTo('H');
                assertThat(way().waits()).as("an answer that comes as events").isTrue();
            }
            over.countDown();
        }
    }

    @Test
    void overTcpAGuestWaitsWhenItSpokeLast() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            outbound("db", "tcp", "127.0.0.1:" + server.getLocalPort());
            try (Socket guest = port("outbound/db").connect(); Socket outside = server.accept()) {
                await().until(() -> !way().waits());
                asks(guest, "select 1");
                await().until(() -> way().waits());
                outside.getOutputStream().write('1');
                await().until(() -> !way().waits());
            }
        }
    }

    @Test
    void aFaultOfThePlatformIsNoGuestThatLeft() throws Exception {
        faulty = true;
        assertThatThrownBy(() -> talk(port("proxy"), get("http://api.example/"))).isInstanceOf(IOException.class);
        assertThat(record().outcome()).isEqualTo(Outcome.UNREACHABLE);
        assertThat(record().reason()).isEqualTo("The platform failed: java.lang.IllegalStateException.");
    }

    @Override
    AgentRules rulesOf(String name) {
        if (faulty) {
            throw new IllegalStateException();
        }
        return super.rulesOf(name);
    }

    @Test
    void theEndOfASessionLeavesNothingOpen() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            outbound("db", "tcp", "127.0.0.1:" + server.getLocalPort());
            try (Socket guest = port("outbound/db").connect(); Socket outside = server.accept()) {
                asks(guest, "x");
                await().until(() -> way().waits());
                way().close();
                await().until(() -> !way().waits());
                assertThat(kept().newest()).noneMatch(one -> one.outcome() == Outcome.OPEN);
                assertThat(outside.isClosed()).isFalse();
            }
        }
    }
}
