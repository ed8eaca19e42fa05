package dev.agentruntime.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.OutboundConnection.Outcome;
import dev.agentruntime.api.Target;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** Bytes to an outbound for TCP. */
class TcpOutboundTest extends EgressTestBase {

    private ServerSocket database() throws IOException {
        ServerSocket server = closing(new ServerSocket(0, 200, InetAddress.getLoopbackAddress()));
        server.setSoTimeout(20_000);
        outbound("db", "tcp", "127.0.0.1:" + server.getLocalPort());
        return server;
    }

    private static Socket accepted(ServerSocket server) throws IOException {
        Socket socket = server.accept();
        socket.setSoTimeout(20_000);
        return socket;
    }

    @Test
    void aServerMaySpeakFirst() throws Exception {
        ServerSocket server = database();
        try (Socket guest = port("outbound/db").connect(); Socket outside = accepted(server)) {
            outside.getOutputStream().write("220 ready".getBytes());
            assertThat(guest.getInputStream().readNBytes(9)).isEqualTo("220 ready".getBytes());
        }
    }

    @Test
    void manyBytesPassBothWaysAtOnce() throws Exception {
        ServerSocket server = database();
        byte[] bytes = new byte[20 << 20];
        new Random(1).nextBytes(bytes);
        try (Socket guest = port("outbound/db").connect(); Socket outside = accepted(server)) {
            CompletableFuture<Void> echo = CompletableFuture.runAsync(() -> echo(outside));
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> send(guest, bytes));
            assertThat(guest.getInputStream().readAllBytes()).isEqualTo(bytes);
            sent.join();
            echo.join();
        }
        assertThat(record().outcome()).isEqualTo(Outcome.OK);
        assertThat(record().bytesOut()).isEqualTo(bytes.length);
        assertThat(record().bytesIn()).isEqualTo(bytes.length);
        assertThat(record().target()).isEqualTo("127.0.0.1:" + server.getLocalPort());
    }

    private static void echo(Socket socket) {
        try {
            socket.getInputStream().transferTo(socket.getOutputStream());
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void send(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSideThatHasEndedStillReceives() throws Exception {
        ServerSocket server = database();
        try (Socket guest = port("outbound/db").connect(); Socket outside = accepted(server)) {
            guest.getOutputStream().write(1);
            guest.shutdownOutput();
            assertThat(outside.getInputStream().readAllBytes()).containsExactly(1);
            outside.getOutputStream().write(new byte[] {2, 3});
            outside.close();
            assertThat(guest.getInputStream().readAllBytes()).containsExactly(2, 3);
        }
    }

    @Test
    void anUpstreamThatStaysAfterTheGuestHasLeftIsClosed() throws Exception {
        set("closingTimeout", "300ms");
        ServerSocket server = database();
        try (Socket guest = port("outbound/db").connect(); Socket outside = accepted(server)) {
            guest.shutdownOutput();
            assertThat(outside.getInputStream().read()).isEqualTo(-1);
            InputStream in = guest.getInputStream();
            await().untilAsserted(() -> assertThat(records).hasSize(1));
            assertThat(in.read()).isEqualTo(-1);
        } catch (SocketException reset) {
            assertThat(records).hasSize(1);
        }
        assertThat(record().outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(record().reason()).contains("closingTimeout");
    }

    @Test
    void whoBreaksOffAConnectionIsInTheRecord() throws Exception {
        ServerSocket server = database();
        GuestPort port = port("outbound/db");
        try (Socket guest = port.connect(); Socket outside = accepted(server)) {
            guest.getOutputStream().write(1);
            assertThat(outside.getInputStream().read()).isEqualTo(1);
            guest.setSoLinger(true, 0);
        }
        await().untilAsserted(() -> assertThat(records).hasSize(1));
        assertThat(record().outcome()).isEqualTo(Outcome.ABORTED);
        try (Socket guest = port.connect(); Socket outside = accepted(server)) {
            guest.getOutputStream().write(1);
            assertThat(outside.getInputStream().read()).isEqualTo(1);
            outside.setSoLinger(true, 0);
            outside.close();
            await().untilAsserted(() -> assertThat(records).hasSize(2));
        }
        assertThat(record().outcome()).isEqualTo(Outcome.BROKEN);
    }

    @Test
    void aGuestThatBreaksOffWithBytesOnTheWayIsTheOneWhoLeft() throws Exception {
        ServerSocket server = database();
        TestStream stream = new TestStream();
        way().opened(new Target("outbound/db"), stream);
        try (Socket outside = accepted(server)) {
            fill(stream);
            outside.getOutputStream().write(new byte[256 * 1024]);
            stream.close();
            await().untilAsserted(() -> assertThat(records).hasSize(1));
        }
        assertThat(record().outcome()).isEqualTo(Outcome.ABORTED);
    }

    /** What the guest does not read is not read from the server either: nothing is kept in between but windows. */
    @Test
    void aGuestThatDoesNotReadHoldsTheServerBack() throws Exception {
        ServerSocket server = database();
        AtomicLong written = new AtomicLong();
        GuestPort port = port("outbound/db");
        TestStream stream = new TestStream();
        way().opened(new Target("outbound/db"), stream);
        try (Socket outside = accepted(server)) {
            Thread writer = new Thread(() -> {
                try {
                    byte[] bytes = new byte[64 * 1024];
                    while (true) {
                        outside.getOutputStream().write(bytes);
                        written.addAndGet(bytes.length);
                    }
                } catch (IOException closed) {
                    // The test is over.
                }
            });
            writer.setDaemon(true);
            writer.start();
            await().during(Duration.ofSeconds(1)).atMost(Duration.ofSeconds(20)).until(() -> {
                long before = written.get();
                return before > 0 && before < 32 << 20;
            });
        }
        assertThat(port.port()).isPositive();
    }

    @Test
    void aServerThatIsNotThereResetsTheGuestAndIsInTheRecord() throws Exception {
        ServerSocket server = database();
        server.close();
        try (Socket guest = port("outbound/db").connect()) {
            assertThatThrownBy(() -> guest.getInputStream().read()).isInstanceOf(SocketException.class).hasMessageContaining("reset");
        }
        assertThat(record().outcome()).isEqualTo(Outcome.UNREACHABLE);
        assertThat(record().reason()).contains("127.0.0.1:" + server.getLocalPort());
    }

    @Test
    void anOutboundThatTheAgentDoesNotHaveIsRefused() throws Exception {
        try (Socket guest = port("outbound/nothing").connect()) {
            assertThatThrownBy(() -> guest.getInputStream().read()).isInstanceOf(SocketException.class).hasMessageContaining("reset");
        }
        assertThat(record().outcome()).isEqualTo(Outcome.DENIED);
    }

    @Test
    void theEndOfTheSessionEndsItsConnections() throws Exception {
        ServerSocket server = database();
        try (Socket guest = port("outbound/db").connect(); Socket outside = accepted(server)) {
            guest.getOutputStream().write(1);
            assertThat(outside.getInputStream().read()).isEqualTo(1);
            way().close();
            assertThat(outside.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aStreamThatComesAfterTheEndOfTheSessionIsReset() throws Exception {
        database();
        GuestPort port = port("outbound/db");
        way().close();
        try (Socket guest = port.connect()) {
            assertThatThrownBy(() -> guest.getInputStream().read()).isInstanceOf(SocketException.class).hasMessageContaining("reset");
        }
    }

    @Test
    void aConnectionEndsWhenItsOutboundIsTakenAwayOrLeadsElsewhere() throws Exception {
        ServerSocket server = database();
        GuestPort port = port("outbound/db");
        for (Runnable change : List.<Runnable>of(() -> outbound("db", "tcp", "127.0.0.1:1"), this::noOutbounds)) {
            outbound("db", "tcp", "127.0.0.1:" + server.getLocalPort());
            records.clear();
            try (Socket guest = port.connect(); Socket outside = accepted(server)) {
                guest.getOutputStream().write(1);
                assertThat(outside.getInputStream().read()).isEqualTo(1);
                change.run();
                assertThat(outside.getInputStream().read()).isEqualTo(-1);
                assertThatThrownBy(() -> guest.getInputStream().read()).isInstanceOf(SocketException.class);
            }
            assertThat(record().outcome()).isEqualTo(Outcome.DENIED);
            assertThat(record().reason()).contains("server.xml");
        }
    }

    @Test
    void aConnectionOutlastsAChangeOfOtherOutbounds() throws Exception {
        ServerSocket server = database();
        try (Socket guest = port("outbound/db").connect(); Socket outside = accepted(server)) {
            outbound("other", "tcp", "127.0.0.1:1");
            outbound("db", "tcp", "127.0.0.1:" + server.getLocalPort(), "addresses", "10.0.0.0/8");
            await().during(Duration.ofMillis(1_500)).atMost(Duration.ofSeconds(10)).until(() -> records.isEmpty());
            guest.getOutputStream().write(1);
            assertThat(outside.getInputStream().read()).isEqualTo(1);
        }
    }

    /** Sends until nothing more is taken on the way. */
    private static void fill(TestStream stream) {
        await().during(Duration.ofMillis(300)).atMost(Duration.ofSeconds(20)).until(() -> stream.fromGuest.write(ByteBuffer.allocate(64 * 1024)) == 0);
    }

    @Test
    void aGuestThatResetsIsNoticedWhileTheServerDoesNotRead() throws Exception {
        ServerSocket server = database();
        TestStream stream = new TestStream();
        way().opened(new Target("outbound/db"), stream);
        try (Socket outside = accepted(server)) {
            fill(stream);
            assertThat(records).isEmpty();
            stream.close();
            await().untilAsserted(() -> assertThat(records).hasSize(1));
            assertThat(outside.getInputStream().transferTo(OutputStream.nullOutputStream())).as("until its end").isPositive();
        }
    }

    @Test
    void aGuestThatResetsIsNoticedWhileItsServerIsLookedUp() throws Exception {
        outbound("db", "tcp", "silent.example:5432");
        List<String> lines = new CopyOnWriteArrayList<>();
        Handler handler = RulesTest.handler(lines);
        Logger netty = Logger.getLogger("io.netty");
        netty.addHandler(handler);
        try {
            TestStream stream = new TestStream();
            way().opened(new Target("outbound/db"), stream);
            await().until(() -> way().waits());
            stream.close();
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(records).hasSize(1));
        } finally {
            netty.removeHandler(handler);
        }
        assertThat(record().outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(lines).as("what a guest can fill the log with").isEmpty();
    }
}
