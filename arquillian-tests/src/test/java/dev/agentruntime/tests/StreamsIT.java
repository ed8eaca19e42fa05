package dev.agentruntime.tests;

import static dev.agentruntime.tests.AgentClient.alice;
import static dev.agentruntime.tests.AgentClient.newSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.tests.talking.Echoes;
import dev.agentruntime.tests.talking.Talking;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** WebSockets, commands and shells in real VMs. */
@ArquillianTest
@RunAsClient
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamsIT {

    private static final int FRAMES = 10_000;
    private static final int KILOBYTES_64 = 64 * 1024;
    private static final String KEY = "AKSTREAMS00001";
    private static final String SECRET = "a-secret-that-only-this-test-knows";
    private static final String SECURE = "localhost:19443";

    @TempDir
    static Path folder;

    private ExampleAgent agent;
    private String session;

    @Deployment(testable = false)
    static WebArchive neighbour() {
        return Neighbours.war();
    }

    @BeforeAll
    void add() {
        Path war = folder.resolve("talking.war");
        ShrinkWrap.create(WebArchive.class, "talking.war").addClasses(Talking.class, Echoes.class).as(ZipExporter.class).exportTo(war.toFile());
        agent = ExampleAgent.added("talking", war, "commands=\"true\"", "<env name=\"TALKING\" value=\"of the session\" secret=\"false\"/>");
    }

    @AfterAll
    void remove() {
        ExampleAgent.forgetKeys();
        agent.close();
    }

    @BeforeEach
    void begin() {
        session = newSession();
    }

    private Wire connect() throws IOException {
        Wire wire = new Wire("/agents/runtimes/talking/ws", session);
        assertThat(wire.status).isEqualTo(101);
        return wire;
    }

    private Wire shell(String id) throws IOException {
        Wire wire = new Wire("/agents/runtimes/talking/ws/shells?shellId=" + id, session);
        assertThat(wire.status).isEqualTo(101);
        return wire;
    }

    @Test
    void anAgentsWebSocketIsReachedWithTextBytesAndCodes() throws IOException {
        try (Wire wire = connect()) {
            wire.send(Wire.TEXT, "grüß".getBytes(StandardCharsets.UTF_8));
            assertThat(wire.read().text()).isEqualTo("grüß");
            byte[] large = new byte[KILOBYTES_64];
            Arrays.fill(large, (byte) 7);
            wire.send(Wire.BINARY, large);
            assertThat(wire.read().payload()).isEqualTo(large);
            assertThat(alice().session("talking", session).getString("status")).isEqualTo("Active");
            wire.send(Wire.TEXT, "close 4003".getBytes(StandardCharsets.UTF_8));
            Wire.Frame close = wire.read();
            assertThat(close.code()).isEqualTo(4003);
            wire.send(Wire.CLOSE, new byte[] {0x0f, (byte) 0xa3});
        }
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() ->
                assertThat(alice().session("talking", session).getString("status")).isEqualTo("Idle"));
    }

    @Test
    void aSessionThatIsStoppedClosesItsWebSockets() throws IOException {
        try (Wire wire = connect()) {
            wire.send(Wire.TEXT, "x".getBytes(StandardCharsets.UTF_8));
            wire.read();
            alice().delete("/agents/runtimes/talking/sessions/" + session);
            assertThat(wire.read().code()).isEqualTo(1001);
        }
    }

    @Test
    void whoMayInvokeOnlyRunsNoCommandsUnlessTheAgentSaysSo() throws IOException {
        HttpResponse<String> refused = alice().command("hello", session, "{\"command\":\"env\"}");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.headers().firstValue("x-amzn-ErrorType")).hasValue("AccessDeniedException");
        assertThat(refused.body()).contains("The attribute commands of <agentRuntime> or of its <agent>");
        try (Wire shell = new Wire("/agents/runtimes/hello/ws/shells", session)) {
            assertThat(shell.status).isEqualTo(403);
        }
        assertThat(alice().get("/agents/runtimes/hello/sessions/" + session).statusCode()).as("nothing was begun").isEqualTo(404);
    }

    @Test
    void aVmThatIsKilledClosesItsWebSocketsWithTheReason() throws IOException {
        try (Wire wire = connect()) {
            wire.send(Wire.TEXT, "x".getBytes(StandardCharsets.UTF_8));
            wire.read();
            Host.killQemuOf(agent.vm(session));
            Wire.Frame close = wire.read();
            assertThat(close.code()).isEqualTo(1001);
            assertThat(close.reason()).startsWith("The session has ended: ");
        }
    }

    @Test
    void theSameSessionAndShellAreNobodyElses() throws IOException {
        try (Wire wire = shell("mine")) {
            wire.hear(3);
            for (String path : List.of("/agents/runtimes/talking/ws", "/agents/runtimes/talking/ws/shells?shellId=mine")) {
                try (Wire others = new Wire(path, session, "bob")) {
                    assertThat(others.status).isEqualTo(403);
                }
            }
            wire.say(0, "echo still mi''ne\n");
            wire.until("still mine");
        }
    }

    @Test
    void aUrlThatWasSignedBeforehandOpensOneOverTls() throws IOException {
        ExampleAgent.knowKey(KEY, SECRET, "streams");
        String query = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id=" + session;
        String url = await("the key").atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofSeconds(1)).until(() -> {
            String signed = SignedUrl.of(SECURE, "/agents/runtimes/talking/ws", query, KEY, SECRET, "us-east-1");
            try (Wire wire = Wire.secure(SECURE, signed)) {
                if (wire.status != 101) {
                    return "";
                }
                wire.send(Wire.TEXT, "signed".getBytes(StandardCharsets.UTF_8));
                assertThat(wire.read().text()).isEqualTo("signed");
                byte[] large = new byte[KILOBYTES_64];
                wire.send(Wire.BINARY, large);
                assertThat(wire.read().payload()).isEqualTo(large);
                wire.send(Wire.CLOSE, new byte[] {3, (byte) 0xe8});
                assertThat(wire.read().code()).isEqualTo(1000);
                return signed;
            }
        }, signed -> !signed.isEmpty());
        try (Wire again = Wire.secure(SECURE, url)) {
            assertThat(again.status).as("a URL is good for one connection").isEqualTo(403);
        }
    }

    @Test
    void framesOf64KilobytesPassWhileBothSidesSend() throws Exception {
        try (Wire wire = connect()) {
            int frames = 100;
            CompletableFuture<Void> sending = sending(wire, frames, i -> {
                byte[] payload = new byte[KILOBYTES_64];
                Arrays.fill(payload, (byte) i);
                return payload;
            });
            long begun = System.nanoTime();
            for (int i = 0; i < frames; i++) {
                byte[] expected = new byte[KILOBYTES_64];
                Arrays.fill(expected, (byte) i);
                assertThat(wire.read().payload()).isEqualTo(expected);
            }
            sending.get(10, TimeUnit.SECONDS);
            System.out.printf("StreamsIT: %d frames of 64 KB each way in %d ms%n", frames, (System.nanoTime() - begun) / 1_000_000);
        }
    }

    @Test
    void whoeverDoesNotReadHoldsBackItsOwnSenderAndNobodyElse() throws Exception {
        try (Wire slow = connect(); Wire other = connect()) {
            other.send(Wire.TEXT, "awake".getBytes(StandardCharsets.UTF_8));
            other.read();
            AtomicInteger sent = new AtomicInteger();
            sending(slow, 2_000, i -> {
                sent.set(i);
                return new byte[KILOBYTES_64];
            });
            AtomicInteger before = new AtomicInteger(-1);
            await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofSeconds(1)).until(() -> before.getAndSet(sent.get()) == sent.get());
            assertThat(sent.get()).as("frames of 64 KB on the way").isLessThan(500);
            List<Long> micros = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                long begun = System.nanoTime();
                other.send(Wire.TEXT, "quick".getBytes(StandardCharsets.US_ASCII));
                assertThat(other.read().text()).isEqualTo("quick");
                micros.add((System.nanoTime() - begun) / 1_000);
            }
            micros.sort(null);
            System.out.printf("StreamsIT: beside one that does not read, of the same VM, there and back, us: p50=%d p99=%d, held back after %d frames%n",
                    micros.get(50), micros.get(98), sent.get());
            assertThat(micros.get(50)).isLessThan(100_000L);
        }
    }

    private static CompletableFuture<Void> sending(Wire wire, int frames, IntFunction<byte[]> payload) {
        return CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; i < frames; i++) {
                    wire.send(Wire.BINARY, payload.apply(i));
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** {@code ./verify -Dlong}: it takes a minute under emulation. */
    @Test
    @EnabledIfSystemProperty(named = "long", matches = "true")
    void tenThousandFramesPassEachWayInOrder() throws Exception {
        try (Wire wire = connect()) {
            long begun = System.nanoTime();
            CompletableFuture<Void> sending = sending(wire, FRAMES, i -> ByteBuffer.allocate(100).putInt(0, i).array());
            for (int i = 0; i < FRAMES; i++) {
                assertThat(ByteBuffer.wrap(wire.read().payload()).getInt()).isEqualTo(i);
            }
            sending.get(10, TimeUnit.SECONDS);
            System.out.printf("StreamsIT: %d frames each way in %d ms%n", FRAMES, (System.nanoTime() - begun) / 1_000_000);
            List<Long> micros = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                long sent = System.nanoTime();
                wire.send(Wire.TEXT, "quick".getBytes(StandardCharsets.US_ASCII));
                wire.read();
                micros.add((System.nanoTime() - sent) / 1_000);
            }
            micros.sort(null);
            System.out.println("StreamsIT: there and back, us: p50=" + micros.get(250) + " p99=" + micros.get(494));
        }
    }

    @Test
    void aCommandIsRunInTheSessionsVm() {
        var answer = alice().command("talking", session, "{\"command\":\"echo $TALKING; hostname; ls /; echo oh >&2; exit 4\",\"timeout\":20}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("of the session").contains("contentStart").contains("\"stderr\":\"oh\\n\"").contains("\"exitCode\":4").contains("COMPLETED");
    }

    @Test
    void aFloodOfOutputIsKilledInTimeAndLeavesTheSessionAsItWas() {
        assertThat(alice().command("talking", session, "{\"command\":\"yes\",\"timeout\":2}").body()).contains("TIMED_OUT");
        assertThat(alice().command("talking", session, "{\"command\":\"printf '\\\\377x'; ps | grep -c '[y]es'\",\"timeout\":20}").body())
                .contains("\uFFFDx").contains("0\\n\"").contains("COMPLETED");
    }

    @Test
    void aCommandThatTakesTooLongIsKilledWithAllThatItStarted() {
        assertThat(alice().command("talking", session, "{\"command\":\"(setsid sleep 776 &); sleep 777 & sleep 778\",\"timeout\":1}").body())
                .contains("\"exitCode\":137").contains("TIMED_OUT");
        assertThat(alice().command("talking", session, "{\"command\":\"ps | grep 'sleep 77' | grep -v grep; echo none-left\",\"timeout\":20}").body())
                .contains("none-left").doesNotContain("sleep 77");
    }

    @Test
    void anEditorCanBeUsedInAShell() throws IOException {
        try (Wire wire = shell("editor")) {
            assertThat(wire.hear(3)).contains("\"shellId\":\"editor\",\"reconnected\":false");
            wire.say(4, "{\"width\":100,\"height\":30}");
            wire.say(0, "stty size; vi /tmp/letter\n");
            wire.until("30 100");
            wire.until("letter");
            wire.say(0, "iDear Ada\u001b");
            // As whoever types: what follows an Escape at once is taken for one key with it.
            await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            wire.say(0, ":wq\r");
            wire.say(0, "echo; cat /tmp/let''ter; echo do''ne\n");
            assertThat(wire.until("done")).contains("Dear Ada");
            wire.say(0, "top\n");
            wire.until("Load average");
            wire.say(0, "q");
            wire.say(0, "echo rea''dy; sleep 300\n");
            wire.until("ready");
            await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
            wire.say(0, "\u0003");
            wire.say(0, "echo interru''pted\n");
            wire.until("interrupted");
            wire.say(0, "exit 3\n");
            assertThat(wire.hear(3)).contains("\"reason\":\"ExitCode\",\"message\":\"3\"");
            assertThat(wire.read().code()).isEqualTo(1000);
        }
    }

    /** {@code ./verify -Dlong}: it waits for half a minute. */
    @Test
    @EnabledIfSystemProperty(named = "long", matches = "true")
    void aShellThatNobodyWatchesGoesOnAndShowsWhatItSaid() throws IOException {
        try (Wire wire = shell("left")) {
            wire.hear(3);
            wire.say(0, "V=kept; (sleep 2; echo while you were aw''ay) & echo rea''dy\n");
            wire.until("ready");
        }
        await().pollDelay(Duration.ofSeconds(30)).atMost(Duration.ofSeconds(40)).until(() -> true);
        try (Wire wire = shell("left")) {
            assertThat(wire.hear(3)).contains("\"reconnected\":true");
            wire.until("while you were away");
            wire.say(0, "echo $V; exit\n");
            wire.until("kept");
            assertThat(wire.hear(3)).contains("\"metadata\":{},\"status\":\"Success\"");
        }
    }
}
