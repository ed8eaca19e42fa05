package dev.agentruntime.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ShellTest {

    private final ShellServer server;
    private final List<String> told = new CopyOnWriteArrayList<>();
    private volatile Runnable during = () -> { };
    private final ShellListener listener = new ShellListener() {
        @Override
        public void connected(String shellId, boolean again, long dropped) {
            told.add("connected " + shellId + " " + again + " " + dropped);
        }

        @Override
        public void output(byte[] bytes) {
            during.run();
            told.add("output " + new String(bytes, StandardCharsets.UTF_8));
        }

        @Override
        public void exited(int exitCode) {
            told.add("exited " + exitCode);
        }

        @Override
        public void disconnected(String why) {
            told.add("disconnected " + why);
        }
    };

    ShellTest() throws IOException {
        server = new ShellServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private Shell open(Optional<String> shellId) {
        return AgentRuntimeClient.at(server.endpoint()).credentials(Credentials.token(() -> Optional.of("T"))).build()
                .shell("hello", "s", shellId, listener);
    }

    private void awaitTold(String... lines) {
        await().untilAsserted(() -> assertThat(told).containsExactly(lines));
    }

    @Test
    void whatIsTypedGoesToTheShellAndWhatItShowsComesBack() throws Exception {
        try (Shell shell = open(Optional.of("mine"))) {
            assertThat(server.head()).startsWith("GET /agents/runtimes/hello/ws/shells?shellId=mine ").containsIgnoringCase("Authorization: Bearer T")
                    .containsIgnoringCase(AgentRuntimeClient.SESSION + ": s");
            server.send(3, "{\"metadata\":{\"shellId\":\"mine\",\"reconnected\":true,\"bytesDropped\":5},\"status\":\"Success\"}");
            shell.type("xls\n".getBytes(StandardCharsets.US_ASCII), 1, 3);
            assertThat(server.received()).isEqualTo(new byte[] {(byte) 0x82, 0, 'l', 's', '\n'});
            server.send(1, "a.war");
            shell.resize(120, 40);
            assertThat(new String(server.received(), 2, 25, StandardCharsets.US_ASCII)).isEqualTo("{\"width\":120,\"height\":40}");
            server.send(3, "{\"metadata\":{},\"status\":\"Success\"}");
            awaitTold("connected mine true 5", "output a.war", "exited 0");
        }
    }

    @Test
    void aSignOfLifeIsSentBackAndAnEndIsSent() throws Exception {
        try (Shell shell = open(Optional.empty())) {
            server.send(5, "");
            assertThat(server.received()).isEqualTo(new byte[] {(byte) 0x82, 5});
            shell.end();
            assertThat(server.received()).isEqualTo(new byte[] {(byte) 0x82, (byte) 255});
        }
    }

    @Test
    void anExitCodeIsRead() throws Exception {
        try (Shell shell = open(Optional.empty())) {
            server.send(3, "{\"metadata\":{},\"status\":\"Failure\",\"reason\":\"NonZeroExitCode\",\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"7\"}]}}");
            awaitTold("exited 7");
        }
    }

    @Test
    void aConnectionThatBreaksOffIsNoEndOfTheShell() throws Exception {
        try (Shell shell = open(Optional.empty())) {
            server.cut();
            await().untilAsserted(() -> assertThat(told).singleElement().asString().startsWith("disconnected "));
            assertThatThrownBy(() -> {
                for (int i = 0; i < 100; i++) {
                    shell.type(new byte[1000], 0, 1000);
                }
            }).isInstanceOf(BrokenOffException.class);
        }
    }

    /** The JDK's WebSocket says nothing of such an end. */
    @Test
    void anEndThatComesWhileTheListenerHasAMessageIsToldAllTheSame() throws Exception {
        CountDownLatch cut = new CountDownLatch(1);
        CountDownLatch shown = new CountDownLatch(1);
        during = () -> {
            shown.countDown();
            awaitOf(cut);
        };
        try (Shell shell = AgentRuntimeClient.at(server.endpoint()).build().shell("hello", "s", Optional.empty(), listener, Duration.ofMillis(500))) {
            server.send(1, "a.war");
            awaitOf(shown);
            server.cut();
            await().during(Duration.ofMillis(300)).untilAsserted(() -> assertThat(told).isEmpty()); // time for the client to see the end
            cut.countDown();
            await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(told).hasSize(2).last().asString().startsWith("disconnected "));
            assertThat(told).first().isEqualTo("output a.war");
        }
    }

    private static void awaitOf(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aStatusThatCannotBeReadEndsIt() throws Exception {
        try (Shell shell = open(Optional.empty())) {
            server.send(3, "no JSON");
            await().untilAsserted(() -> assertThat(told).singleElement().asString().startsWith("disconnected The server sent a status"));
        }
    }

    @Test
    void anEndWhoseExitCodeCannotBeReadIsAnEndAllTheSame() throws Exception {
        try (Shell shell = open(Optional.empty())) {
            server.send(3, "{\"metadata\":{},\"status\":\"Failure\",\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"many\"}]}}");
            await().untilAsserted(() -> assertThat(told).singleElement().asString().startsWith("disconnected The server sent a status"));
        }
    }

    @Test
    void aServerThatIsNotThereIsUnreachable() throws Exception {
        server.close();
        assertThatThrownBy(() -> open(Optional.empty())).isInstanceOf(UnreachableException.class)
                .hasMessageStartingWith("No connection to the server at " + server.endpoint()).hasMessageEndingWith("Is it running, and is the address right?");
    }

    @Test
    void aRefusalIsTold() throws Exception {
        try (ScriptedServer refusing = new ScriptedServer()) {
            refusing.on("GET /runtimes/hello/ws/shells", 429, "{\"message\":\"10 shells\"}", "x-amzn-ErrorType", "ThrottlingException");
            AgentRuntimeClient client = AgentRuntimeClient.at(refusing.endpoint()).build();
            assertThatThrownBy(() -> client.shell("hello", "s", Optional.empty(), listener)).isInstanceOf(RefusedException.class)
                    .satisfies(e -> assertThat(((RefusedException) e).kind()).isEqualTo(RefusedException.Kind.LIMIT)).hasMessage("10 shells");
        }
    }
}
