package dev.agentruntime.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.OutboundConnection.Outcome;
import dev.agentruntime.api.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How much may go through the way out. */
class LimitsTest extends EgressTestBase {

    private int upstreamPort;
    private final AtomicLong nanos = new AtomicLong();

    private ServerSocket server() throws IOException {
        ServerSocket server = closing(new ServerSocket(0, 500, InetAddress.getLoopbackAddress()));
        outbound("db", "tcp", "127.0.0.1:" + server.getLocalPort());
        outbound("model", "url", "http://127.0.0.1:" + server.getLocalPort());
        return server;
    }

    private Quota quota(int session, int agent, int perSecond, AgentLoad load) {
        EgressSettings.Limits limits = new EgressSettings.Limits(session, agent, perSecond, 1 << 20, 10 << 20, 15 << 20, 32_768);
        return new Quota(() -> limits, load, nanos::get);
    }

    @Test
    void connectionsOfASessionAreCountedUntilTheyEnd() throws Exception {
        ServerSocket server = server();
        set("maxConnectionsPerSession", 2);
        GuestPort db = port("outbound/db");
        GuestPort model = port("outbound/model");
        try (Socket one = db.connect(); Socket first = server.accept(); Socket two = db.connect(); Socket second = server.accept()) {
            assertThat(talk(model, get("/"))).startsWith("HTTP/1.1 429").contains("maxConnectionsPerSession of <agentRuntimeEgress> in server.xml");
            assertThat(record().outcome()).isEqualTo(Outcome.LIMITED);
            assertThat(record().way()).isEqualTo("outbound/model");
            first.close();
            one.close();
            await().ignoreException(SocketTimeoutException.class).untilAsserted(() -> {
                Socket three = closing(db.connect());
                three.getOutputStream().write(1);
                server.setSoTimeout(200);
                closing(server.accept());
            });
            assertThat(two.isConnected() && second.isConnected()).isTrue();
        }
    }

    @Test
    void connectionsOfAllSessionsOfAnAgentAreCountedTogether() {
        AgentLoad load = new AgentLoad(nanos::get);
        Quota one = quota(10, 3, 100, load);
        Quota two = quota(10, 3, 100, load);
        assertThat(one.open()).isEmpty();
        assertThat(one.open()).isEmpty();
        assertThat(two.open()).isEmpty();
        assertThat(two.open()).map(Refusal::sentence).hasValueSatisfying(text -> assertThat(text).contains("maxConnectionsPerAgent"));
        one.closed();
        assertThat(two.open()).isEmpty();
    }

    @Test
    void newConnectionsComeAtAPace() {
        Quota quota = quota(1_000, 1_000, 5, new AgentLoad(nanos::get));
        for (int i = 0; i < 5; i++) {
            assertThat(quota.open()).isEmpty();
        }
        assertThat(quota.open()).map(Refusal::sentence).hasValueSatisfying(text -> assertThat(text).contains("newConnectionsPerSecond"));
        nanos.addAndGet(Duration.ofMillis(200).toNanos());
        assertThat(quota.open()).isEmpty();
        assertThat(quota.open()).isPresent();
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        for (int i = 0; i < 5; i++) {
            assertThat(quota.open()).isEmpty();
        }
        assertThat(quota.open()).isPresent();
    }

    @Test
    void bytesOfAnAgentAreCountedByTheHour() {
        AgentLoad load = new AgentLoad(nanos::get);
        Quota one = quota(10, 10, 10, load);
        Quota two = quota(10, 10, 10, load);
        assertThat(one.spend(9 << 20)).isEmpty();
        assertThat(two.spend(9 << 20)).map(Refusal::sentence).hasValueSatisfying(text -> assertThat(text).contains("maxBytesPerAgentAndHour"));
        assertThat(one.open()).isPresent();
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(one.open()).isEmpty();
        assertThat(one.spend(2 << 20)).map(Refusal::sentence).hasValueSatisfying(text -> assertThat(text).contains("maxBytesPerSession"));
    }

    @Test
    void anAgentIsForgottenWhenItHasNoSessionAndItsHourIsOver() {
        AgentLoads loads = new AgentLoads(nanos::get);
        AgentLoad before = loads.join("before");
        before.spend(1);
        before.left();
        assertThat(loads.join("before")).as("it has moved bytes this hour").isSameAs(before);
        for (int agent = 0; agent < 1_000; agent++) {
            loads.join("agent-" + agent).left();
        }
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(loads.join("before")).as("it has a session").isSameAs(before);
        assertThat(loads.size()).isEqualTo(1);
    }

    @Test
    void aConnectionThatIsOpenKeepsItsAgentRemembered() {
        AgentLoads loads = new AgentLoads(nanos::get);
        Quota quota = quota(10, 10, 10, loads.join("hello"));
        assertThat(quota.open()).isEmpty();
        quota.left();
        nanos.addAndGet(Duration.ofHours(2).toNanos());
        loads.join("other");
        assertThat(loads.size()).isEqualTo(2);
        quota.closed();
        loads.join("other");
        assertThat(loads.size()).isEqualTo(1);
    }

    @Test
    void aSessionRestsUntilItsPaceIsKept() {
        Quota quota = quota(10, 10, 10, new AgentLoad(nanos::get));
        quota.spend(2 << 20);
        assertThat(Duration.ofNanos(quota.restNanos())).isBetween(Duration.ofMillis(1_800), Duration.ofMillis(2_000));
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(quota.restNanos()).isLessThanOrEqualTo(0);
    }

    @Test
    void aSessionAtItsPaceMovesNoFaster() throws Exception {
        ServerSocket server = server();
        set("bytesPerSecond", "4m");
        long began = System.nanoTime();
        try (Socket guest = port("outbound/db").connect(); Socket outside = server.accept()) {
            Thread writer = new Thread(() -> {
                try {
                    outside.getOutputStream().write(new byte[6 << 20]);
                    outside.close();
                } catch (IOException closed) {
                    // The test is over.
                }
            });
            writer.start();
            assertThat(guest.getInputStream().readAllBytes()).hasSize(6 << 20);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(1));
    }

    @Test
    void aFloodOfStreamsOfOneSessionIsRefusedAndAnotherSessionIsServed() throws Exception {
        ServerSocket server = server();
        echo(server);
        SessionWay neighbour = egress().join(facts("session-2"));
        for (int i = 0; i < 2_000; i++) {
            way().opened(new Target("outbound/db"), new TestStream());
        }
        assertThat(records).anySatisfy(one -> assertThat(one.outcome()).isEqualTo(Outcome.LIMITED));
        try (GuestPort port = new GuestPort(neighbour, "outbound/db"); Socket guest = port.connect()) {
            guest.getOutputStream().write(42);
            assertThat(guest.getInputStream().read()).isEqualTo(42);
        }
    }

    private boolean breaks;

    @Override
    AgentRules rulesOf(String name) {
        if (breaks) {
            throw new NoClassDefFoundError("a class that the bundle has lost");
        }
        return super.rulesOf(name);
    }

    @Test
    void aStreamThatCouldNotBeginIsClosedAndCountedNoMore() throws Exception {
        ServerSocket server = server();
        echo(server);
        set("maxConnectionsPerSession", 1);
        way();
        breaks = true;
        for (int i = 0; i < 3; i++) {
            TestStream stream = new TestStream();
            way().opened(new Target("outbound/db"), stream);
            await().untilAsserted(() -> assertThatThrownBy(() -> stream.read(ByteBuffer.allocate(1))).isInstanceOf(IOException.class));
        }
        breaks = false;
        try (Socket guest = port("outbound/db").connect()) {
            guest.getOutputStream().write(42);
            assertThat(guest.getInputStream().read()).isEqualTo(42);
        }
    }

    @Test
    void aStreamThatComesAfterTheEndOfTheRoomIsClosed() throws Exception {
        server();
        way();
        egress().close();
        await().untilAsserted(() -> {
            TestStream stream = new TestStream();
            way().opened(new Target("outbound/db"), stream);
            assertThatThrownBy(() -> stream.read(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
        });
    }

    /** Answers every request on a connection that it keeps, or ends it. */
    private GuestPort upstream(AtomicInteger accepted, AtomicInteger open, boolean keep) throws IOException {
        ServerSocket server = closing(new ServerSocket(0, 500, InetAddress.getLoopbackAddress()));
        byte[] answer = ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + (keep ? "" : "Connection: close\r\n") + "\r\n").getBytes(StandardCharsets.US_ASCII);
        serve(server, socket -> {
            accepted.incrementAndGet();
            open.incrementAndGet();
            try (socket) {
                byte[] request = new byte[4_096];
                while (socket.getInputStream().read(request) > 0) {
                    socket.getOutputStream().write(answer);
                }
            } finally {
                open.decrementAndGet();
            }
        });
        allow("*", String.valueOf(server.getLocalPort()), "127.0.0.0/8");
        for (int i = 0; i < 60; i++) {
            names.put(i + ".example", List.of("127.0.0.1"));
        }
        upstreamPort = server.getLocalPort();
        return port("proxy");
    }

    private String ask(Socket socket, int host) throws IOException {
        socket.getOutputStream().write(("GET http://" + host + ".example:" + upstreamPort + "/ HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) socket.getInputStream().read());
        }
        return head.toString();
    }

    @Test
    void connectionsToManyUpstreamsThatRestAreNoMoreThanTheSessionMayHave() throws Exception {
        set("maxConnectionsPerSession", 5);
        AtomicInteger accepted = new AtomicInteger();
        AtomicInteger open = new AtomicInteger();
        try (Socket socket = upstream(accepted, open, true).connect()) {
            for (int host = 0; host < 60; host++) {
                assertThat(ask(socket, host)).startsWith("HTTP/1.1 200");
            }
            await().untilAsserted(() -> assertThat(open.get()).isEqualTo(5));
            assertThat(ask(socket, 59)).startsWith("HTTP/1.1 200");
        }
        assertThat(accepted).hasValue(60);
    }

    @Test
    void connectionsToUpstreamsAreMadeAtThePaceOfTheSessionToo() throws Exception {
        set("newConnectionsPerSecond", 5);
        AtomicInteger accepted = new AtomicInteger();
        String last = "";
        long began = System.nanoTime();
        try (Socket socket = upstream(accepted, new AtomicInteger(), false).connect()) {
            for (int host = 0; host < 60 && !last.startsWith("HTTP/1.1 429"); host++) {
                last = ask(socket, host);
            }
        }
        assertThat(last).startsWith("HTTP/1.1 429");
        assertThat(accepted.get()).isLessThanOrEqualTo(6 + (int) (5 * Duration.ofNanos(System.nanoTime() - began).toMillis() / 1_000));
        assertThat(record().reason()).contains("newConnectionsPerSecond");
    }

    @Test
    void whoeverIsRefusedWaitsForItSoThatAskingAgainAtOnceKeepsTheHostNoBusier() throws Exception {
        set("newConnectionsPerSecond", 1);
        GuestPort port = upstream(new AtomicInteger(), new AtomicInteger(), false);
        long began = System.nanoTime();
        int refused = 0;
        while (refused < 5) {
            try (Socket socket = port.connect()) {
                refused += ask(socket, 0).startsWith("HTTP/1.1 429") ? 1 : 0;
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(5 * 200));
    }

    @Test
    void aTunnelThatFollowsARequestOnItsConnectionKeepsThePaceToo() throws Exception {
        set("newConnectionsPerSecond", 1);
        AtomicInteger accepted = new AtomicInteger();
        try (Socket socket = upstream(accepted, new AtomicInteger(), true).connect()) {
            assertThat(ask(socket, 0)).startsWith("HTTP/1.1 200");
            socket.getOutputStream().write(("CONNECT 1.example:" + upstreamPort + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            assertThat(rest(socket.getInputStream())).startsWith("HTTP/1.1 429").contains("newConnectionsPerSecond");
        }
        assertThat(accepted).hasValue(1);
    }

    private static void echo(ServerSocket server) {
        serve(server, socket -> {
            try (socket) {
                socket.getInputStream().transferTo(socket.getOutputStream());
            }
        });
    }

    private interface Script {
        void with(Socket socket) throws IOException;
    }

    /** Each connection on a thread of its own. */
    private static void serve(ServerSocket server, Script script) {
        thread(() -> {
            while (true) {
                Socket socket = server.accept();
                thread(() -> script.with(socket));
            }
        });
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void thread(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException closed) {
                // The test is over.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
