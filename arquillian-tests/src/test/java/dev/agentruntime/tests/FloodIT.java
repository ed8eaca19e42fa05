package dev.agentruntime.tests;

import static dev.agentruntime.tests.AgentClient.alice;
import static dev.agentruntime.tests.AgentClient.newSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.agentruntime.tests.flood.Flooder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * One guest floods what is outside while another agent's session is asked something. A guest that floods also computes, so the figures
 * are compared with those beside a guest that only computes as well. {@code ./verify -Dlong}.
 */
@ArquillianTest
@RunAsClient
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIfSystemProperty(named = "long", matches = "true")
class FloodIT {

    private static final int SECONDS = 40;
    private static final int CALLS = 500;
    private static final Duration PACE = Duration.ofMillis(10);
    private static final Duration SETTLING = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private ServerSocket sink;
    private HttpServer web;
    private ExampleAgent flooder;

    @Deployment(testable = false)
    static WebArchive neighbour() {
        return Neighbours.war();
    }

    @BeforeAll
    void start() throws IOException {
        sink = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        threads.execute(this::swallow);
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        web.setExecutor(threads);
        web.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write(new byte[] {'o', 'k'});
            exchange.close();
        });
        web.start();
        Path war = folder.resolve("flooder.war");
        ShrinkWrap.create(WebArchive.class, "flooder.war").addClass(Flooder.class).as(ZipExporter.class).exportTo(war.toFile());
        flooder = ExampleAgent.added("flooder", war, "", """
                <outbound name="sink" tcp="127.0.0.1:%d" port="7000"/><outbound name="web" url="http://127.0.0.1:%d"/>
                """.formatted(sink.getLocalPort(), web.getAddress().getPort()));
        AgentClient.awaitReady("hello");
    }

    @AfterAll
    void stop() throws IOException {
        flooder.close();
        web.stop(0);
        sink.close();
        threads.shutdownNow();
    }

    private void swallow() {
        try {
            while (true) {
                Socket socket = sink.accept();
                threads.execute(() -> {
                    try (socket; InputStream in = socket.getInputStream()) {
                        in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        // The guest has reset its connection, which a flood does.
                    }
                });
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    @Test
    void aFloodFromOneGuestAtMostDoublesWhatItsNeighboursWaitAndNamesItsLimits() {
        String flooding = newSession();
        String asked = newSession();
        assertThat(flooder.answer(flooding, "\"burn 0\"")).contains("0 streams");
        beside("to warm up", asked);
        Waits alone = beside("alone", asked);
        Waits burner = flood("burn", flooding, asked);
        Waits streams = flood("streams", flooding, asked);
        Waits bytes = flood("bytes", flooding, asked);
        Waits after = beside("alone again", asked);

        double calm = Math.max(alone.p99(), after.p99());
        assertThat(streams.p99()).as("p99 beside a flood of streams, ms; %.1f alone, %.1f beside a guest that computes", calm, burner.p99())
                .isLessThan(2 * Math.max(calm, burner.p99()));
        assertThat(bytes.p99()).as("p99 beside a flood of bytes, ms; %.1f alone, %.1f beside a guest that computes", calm, burner.p99())
                .isLessThan(2 * Math.max(calm, burner.p99()));
        // The log tells one limit a minute, the one that was met first.
        assertThat(Host.serverLog()).anyMatch(line -> line.contains("AGRT4011W") && line.contains(flooding)
                && (line.contains("newConnectionsPerSecond") || line.contains("maxConnectionsPerSession")));
    }

    /** Milliseconds. */
    private record Waits(double p50, double p99) {

        static Waits of(long[] nanos) {
            Arrays.sort(nanos);
            return new Waits(nanos[nanos.length / 2] / 1e6, nanos[nanos.length * 99 / 100] / 1e6);
        }
    }

    private Waits flood(String kind, String flooding, String asked) {
        CompletableFuture<HttpResponse<String>> flood = alice().invokeAsync("flooder", flooding, "\"" + kind + " " + SECONDS + "\"");
        await().pollDelay(SETTLING).until(() -> true);
        Waits waits = beside("beside " + kind, asked);
        assertThat(flood).as("the flood, which outlasts the measurement").isNotDone();
        String told = flood.join().body();
        System.out.println("flood: " + kind + ": " + told);
        if (kind.equals("streams")) {
            assertThat(told).contains("429").containsPattern("newConnectionsPerSecond|maxConnectionsPerSession");
        }
        return waits;
    }

    private static Waits beside(String what, String session) {
        long[] nanos = new long[CALLS];
        int count = 0;
        for (long first = System.nanoTime(); count < CALLS && System.nanoTime() - first < LONGEST.toNanos(); count++) {
            LockSupport.parkNanos(PACE.toNanos());
            long begun = System.nanoTime();
            HttpResponse<String> answer = alice().invoke("hello", session, "{\"prompt\": \"Ada\"}");
            nanos[count] = System.nanoTime() - begun;
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
        Waits waits = Waits.of(Arrays.copyOf(nanos, count));
        System.out.printf(Locale.ROOT, "flood: warm invocation %s: p50 %.1f ms, p99 %.1f ms, n=%d%n", what, waits.p50(), waits.p99(), count);
        return waits;
    }
}
