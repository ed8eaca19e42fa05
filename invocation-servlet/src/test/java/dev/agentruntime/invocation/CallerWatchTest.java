package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(OS.LINUX)
class CallerWatchTest {

    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration PERIOD = Duration.ofMillis(20);

    private final CallerWatch watch = new CallerWatch(Runnable::run,
            List.of(Path.of("/proc/self/net/tcp"), Path.of("/proc/self/net/tcp6")), PERIOD);
    private final AtomicInteger left = new AtomicInteger();

    @AfterEach
    void close() {
        watch.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aCallerWhoClosesItsConnectionHasLeft(String address) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName(address));
                Socket caller = new Socket(address, server.getLocalPort()); Socket accepted = server.accept()) {
            watch.watch(TcpTable.names(accepted.getLocalPort(), (InetSocketAddress) accepted.getRemoteSocketAddress()), left::incrementAndGet);
            await().during(PERIOD.multipliedBy(10)).atMost(LONG).until(() -> left.get() == 0);
            caller.close();
            await().atMost(LONG).until(() -> left.get() == 1);
            await().during(PERIOD.multipliedBy(10)).atMost(LONG).until(() -> left.get() == 1);
        }
    }

    @Test
    void aConnectionThatIsResetIsOver() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket caller = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort()); Socket accepted = server.accept()) {
            watch.watch(TcpTable.names(accepted.getLocalPort(), (InetSocketAddress) accepted.getRemoteSocketAddress()), left::incrementAndGet);
            await().during(PERIOD.multipliedBy(10)).atMost(LONG).until(() -> left.get() == 0);
            caller.setSoLinger(true, 0);
            caller.close();
            await().atMost(LONG).until(() -> left.get() == 1);
        }
    }

    @Test
    void whoIsNotWatchedAnyMoreDoesNotCount() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket caller = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort()); Socket accepted = server.accept()) {
            watch.watch(TcpTable.names(accepted.getLocalPort(), (InetSocketAddress) accepted.getRemoteSocketAddress()), left::incrementAndGet)
                    .close();
            caller.close();
            await().during(PERIOD.multipliedBy(10)).atMost(LONG).until(() -> left.get() == 0);
        }
    }

    @Test
    void aConnectionThatCannotBeSeenIsNotTakenForClosed() {
        watch.watch(TcpTable.names(1, new InetSocketAddress("192.0.2.1", 2)), left::incrementAndGet);
        await().during(PERIOD.multipliedBy(10)).atMost(LONG).until(() -> left.get() == 0);
    }

    @Test
    void aRequestWithoutAConnectionToLookAtIsNotWatched() {
        watch.watch(new FakeCaller().request(), left::incrementAndGet).close();
        assertThat(left).hasValue(0);
    }

    @Test
    void aTableThatCannotBeReadIsToldAndNobodyHasLeft(@TempDir Path folder) throws IOException {
        Path table = Files.createDirectory(folder.resolve("tcp"));
        try (CallerWatch blind = new CallerWatch(Runnable::run, List.of(table), PERIOD)) {
            blind.watch(TcpTable.names(1, new InetSocketAddress("192.0.2.1", 2)), left::incrementAndGet);
            await().during(PERIOD.multipliedBy(10)).atMost(LONG).until(() -> left.get() == 0);
        }
    }

    @Test
    void aTableThatCannotBeReadOnceCostsNoCallerItsWatch(@TempDir Path folder) throws IOException {
        Path table = folder.resolve("tcp");
        String head = "  sl  local_address rem_address   st\n";
        String line = "   1: 0100007F:1F90 0100007F:C350 %s 00000000:00000000 00:00000000 00000000  0  0 1 1\n";
        Files.writeString(table, head + line.formatted("01"));
        try (CallerWatch watching = new CallerWatch(Runnable::run, List.of(table), PERIOD)) {
            watching.watch(TcpTable.names(8080, new InetSocketAddress("127.0.0.1", 50000)), left::incrementAndGet);
            await().during(PERIOD.multipliedBy(10)).atMost(LONG).until(() -> left.get() == 0);
            Files.move(Files.createDirectory(folder.resolve("unreadable")), table, StandardCopyOption.REPLACE_EXISTING);
            await().during(PERIOD.multipliedBy(10)).atMost(LONG).until(() -> left.get() == 0);
            Files.move(Files.writeString(folder.resolve("again"), head + line.formatted("08")), table, StandardCopyOption.REPLACE_EXISTING);
            await().atMost(LONG).until(() -> left.get() == 1);
        }
    }

    @Test
    void aLineOfTheTableNamesAConnectionAndItsState() {
        Map<String, Boolean> open = new HashMap<>();
        TcpTable.read("   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000  0  0 1 1", open);
        TcpTable.read("   2: 0100007F:1F90 0100007F:C351 08 00000000:00000000 00:00000000 00000000  0  0 1 1", open);
        TcpTable.read("garbage", open);
        assertThat(open).isEqualTo(Map.of("1F90 0100007F:C350", true, "1F90 0100007F:C351", false));
        assertThat(TcpTable.names(8080, new InetSocketAddress("127.0.0.1", 50000)))
                .containsExactlyInAnyOrder("1F90 0100007F:C350", "1F90 0000000000000000FFFF00000100007F:C350");
        assertThat(TcpTable.names(8080, new InetSocketAddress("::1", 50000)))
                .containsExactly("1F90 00000000000000000000000001000000:C350");
    }
}
