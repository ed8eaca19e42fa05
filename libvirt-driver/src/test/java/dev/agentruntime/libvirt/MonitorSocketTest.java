package dev.agentruntime.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.VmException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class MonitorSocketTest {

    private static final String GREETING = "{\"QMP\": {\"version\": {}, \"capabilities\": []}}";
    private static final String DONE = "{\"return\": {}}";

    @TempDir
    Path folder;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private ServerSocketChannel qemu;

    @BeforeEach
    void listen() throws IOException {
        qemu = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        qemu.bind(UnixDomainSocketAddress.of(folder.resolve("vm.monitor")));
    }

    @AfterEach
    void close() throws IOException {
        qemu.close();
    }

    @Test
    void aCommandIsToldAfterTheGreeting() {
        answering(GREETING, DONE, DONE);
        monitor().execute("cont", Map.of());
        assertThat(told).containsExactly("{\"execute\":\"qmp_capabilities\"}", "{\"execute\":\"cont\"}");
    }

    @Test
    void eventsOnTheWayAreNoAnswers() {
        answering(GREETING, DONE, "{\"event\": \"RESUME\", \"timestamp\": {}}\n{\"return\": {\"status\": \"completed\"}}");
        assertThat(monitor().execute("query-migrate", Map.of()).get("status")).isEqualTo("completed");
    }

    @Test
    void argumentsAreTold() {
        answering(GREETING, DONE, DONE);
        monitor().execute("migrate", Map.of("uri", "unix:/a\"b"));
        Map<?, ?> request = Json.readObject(told.get(1));
        assertThat(request.get("execute")).isEqualTo("migrate");
        assertThat(request.get("arguments")).isEqualTo(Map.of("uri", "unix:/a\"b"));
    }

    @Test
    void whatQemuRefusesIsToldInItsWords() {
        answering(GREETING, DONE, "{\"error\": {\"class\": \"GenericError\", \"desc\": \"No such thing\"}}");
        assertThatThrownBy(() -> monitor().execute("cont", Map.of()))
                .isInstanceOf(VmException.class).isNotInstanceOf(HypervisorAwayException.class)
                .hasMessageContaining("No such thing").hasMessageContaining("vm-1");
    }

    @Test
    void aQemuThatDoesNotAnswerIsAwayAndNotGone() {
        answering(GREETING, DONE);
        assertThatThrownBy(() -> new MonitorSocket(folder.resolve("vm.monitor"), "vm-1", Duration.ofMillis(200))
                .execute("cont", Map.of())).isInstanceOf(HypervisorAwayException.class).hasMessageContaining("200 ms");
    }

    @Test
    void aQemuThatTakesNoMoreConnectionsIsAwayAndHoldsNobody() throws IOException {
        Path socket = folder.resolve("stopped.monitor");
        try (ServerSocketChannel stopped = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket), 1)) {
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> new MonitorSocket(socket, "vm-1", Duration.ofMillis(100)).execute("cont", Map.of()))
                        .isInstanceOf(HypervisorAwayException.class).hasMessageContainingAll("vm-1", "'cont'", "100 ms");
            }
            assertThat(stopped.isOpen()).isTrue();
        }
    }

    @Test
    void whoCallsAtOnceIsServedInTurn() {
        try (FakeMonitor busy = new FakeMonitor(folder.resolve("busy.monitor"), (command, arguments) -> Optional.empty())) {
            MonitorSocket monitor = new MonitorSocket(folder.resolve("busy.monitor"), "vm-1");
            IntStream.range(0, 40).parallel().forEach(i -> monitor.execute("cont", Map.of()));
            assertThat(busy.told()).hasSize(40);
        }
    }

    @Test
    void aQemuThatIsGoneIsGone() throws IOException {
        qemu.close();
        assertThatThrownBy(() -> monitor().execute("cont", Map.of()))
                .isInstanceOf(VmException.class).isNotInstanceOf(HypervisorAwayException.class);
    }

    @Test
    void aConnectionThatEndsEarlyIsNoAnswer() {
        answering(GREETING, "");
        assertThatThrownBy(() -> monitor().execute("cont", Map.of())).isInstanceOf(VmException.class)
                .hasMessageContaining("closed the connection");
    }

    @Test
    void anEndlessLineIsNotKept() {
        answering("x".repeat(100_000));
        assertThatThrownBy(() -> monitor().execute("cont", Map.of())).isInstanceOf(VmException.class)
                .hasMessageContaining("more than 65536 bytes");
    }

    @Test
    void aQemuThatTalksWithoutEndAndAnswersNothingIsAway() throws IOException {
        Path socket = folder.resolve("chatter.monitor");
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        Thread chatter = DaemonThreads.named("chatter").newThread(() -> {
            try (server; SocketChannel caller = server.accept()) {
                OutputStream out = Channels.newOutputStream(caller);
                while (true) {
                    out.write("{\"event\": \"RTC_CHANGE\"}\n".getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException over) {
                // The caller has had enough.
            }
        });
        chatter.start();
        assertThatThrownBy(() -> new MonitorSocket(socket, "vm-1", Duration.ofMillis(300)).execute("cont", Map.of()))
                .isInstanceOf(HypervisorAwayException.class);
    }

    @Test
    void whatIsNoQmpIsRefused() {
        answering("SSH-2.0-OpenSSH");
        assertThatThrownBy(() -> monitor().execute("cont", Map.of())).isInstanceOf(VmException.class)
                .hasMessageContaining("does not speak QMP");
    }

    private MonitorSocket monitor() {
        return new MonitorSocket(folder.resolve("vm.monitor"), "vm-1");
    }

    /** The first text is sent unasked, each next one for a line; an empty one closes; after the last there is silence. */
    private void answering(String... texts) {
        Thread thread = new Thread(() -> {
            try (SocketChannel caller = qemu.accept()) {
                OutputStream out = Channels.newOutputStream(caller);
                BufferedReader in = new BufferedReader(new InputStreamReader(Channels.newInputStream(caller), StandardCharsets.UTF_8));
                out.write((texts[0] + "\n").getBytes(StandardCharsets.UTF_8));
                for (int i = 1; i < texts.length; i++) {
                    told.add(in.readLine());
                    if (texts[i].isEmpty()) {
                        return;
                    }
                    out.write((texts[i] + "\n").getBytes(StandardCharsets.UTF_8));
                }
                in.readLine();
                in.readLine();
            } catch (IOException over) {
                // The test has ended, or the other side has had enough.
            }
        }, "fake-qemu");
        thread.setDaemon(true);
        thread.start();
    }
}
