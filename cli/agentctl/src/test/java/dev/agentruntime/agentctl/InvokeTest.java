package dev.agentruntime.agentctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.client.ScriptedServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InvokeTest {

    private static final String INVOCATIONS = "POST /runtimes/hello/invocations";

    @TempDir
    private Path folder;
    private final ScriptedServer server = World.up();

    @AfterEach
    void stop() {
        server.close();
    }

    private Ran.In in() {
        return new Ran.In(folder).server(server.endpoint()).with("AGENTCTL_TOKEN", "T");
    }

    @Test
    void theBodyIsAnArgumentAFileOrTheInput() throws IOException {
        Files.writeString(folder.resolve("body"), "{\"a\":1}");
        in().run("invoke", "hello", "{\"a\":2}");
        assertThat(server.last().text()).isEqualTo("{\"a\":2}");
        in().run("invoke", "hello", "--file", "body");
        assertThat(server.last().text()).isEqualTo("{\"a\":1}");
        in().input("words").run("invoke", "hello", "--file", "-", "--type", "text/plain");
        assertThat(server.last().text()).isEqualTo("words");
        assertThat(server.last().header()).containsEntry("Content-type", "text/plain");
        in().run("invoke", "hello");
        assertThat(server.last().text()).isEqualTo("{}");
    }

    @Test
    void whatIsMistypedIsNotSent() {
        assertThat(in().run("invoke", "hello", "{prompt:Ada}")).returns(2, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("The body is no JSON: {prompt:Ada}"));
        assertThat(in().run("invoke", "hello", "{}", "--file", "x").code()).isEqualTo(2);
        assertThat(in().run("invoke", "hello", "--file", "x").err()).isEqualTo("agentctl: There is no file x.\n");
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void sessionEndpointAndHeadersGoAlong() {
        in().run("invoke", "hello", "--session", World.SESSION, "--endpoint", "beta", "--header", "X-Amzn-Bedrock-AgentCore-Runtime-Custom-A=b=c");
        assertThat(server.last().target()).endsWith("?qualifier=beta");
        assertThat(server.last().header()).containsEntry("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", World.SESSION)
                .containsEntry("X-Amzn-Bedrock-AgentCore-Runtime-Custom-A", "b=c").containsEntry("X-Agent-Runtime-Cancel-On-Disconnect", "true");
    }

    @Test
    void rawPrintsTheBytesAsTheyCome() {
        server.on(INVOCATIONS, 200, "data: {\"a\":1}\n\n", "Content-Type", "text/event-stream");
        assertThat(in().run("invoke", "hello", "--raw").out()).isEqualTo("data: {\"a\":1}\n\n");
        assertThat(in().run("invoke", "hello").out()).isEqualTo("{\"a\":1}\n");
    }

    @Test
    void jsonHasTheAnswersBodyInIt() {
        assertThat(in().run("invoke", "hello", "--json").out()).isEqualTo("{\"session\":\"" + World.SESSION + "\",\"sessionState\":\"new\",\"status\":200,"
                + "\"contentType\":\"application/json\",\"body\":{\"greeting\":\"Hello, Ada!\"}}\n");
        server.on(INVOCATIONS, 200, "words", "Content-Type", "text/plain");
        assertThat(in().run("invoke", "hello", "--json").out()).contains("\"body\":\"words\"");
        server.on(INVOCATIONS, 200, "id: 1\nevent: token\ndata: {\"a\":1}\n\ndata: words\n\n", "Content-Type", "text/event-stream");
        assertThat(in().run("invoke", "hello", "--json").out()).isEqualTo("{\"session\":\"\",\"event\":\"token\",\"id\":\"1\",\"data\":{\"a\":1}}\n"
                + "{\"session\":\"\",\"event\":\"message\",\"id\":\"\",\"data\":\"words\"}\n");
    }

    @Test
    void anAgentThatFailsIsToldWithItsLog() {
        server.on(INVOCATIONS, 424, "{\"message\":\"Received error (500) from the agent: cold\",\"agentStatus\":500,\"log\":[\"a line\"]}");
        assertThat(in().run("invoke", "hello")).returns(8, Ran::code).returns("agentctl: Received error (500) from the agent: cold\n  | a line\n", Ran::err);
    }

    @Test
    void aStreamThatEndsWithAnErrorIsTheAgentsFault() {
        server.on(INVOCATIONS, 200, "data: 1\n\nevent: error\ndata: {\"message\":\"The agent broke off before the end of its answer\"}\n\n", "Content-Type", "text/event-stream");
        assertThat(in().run("invoke", "hello")).returns(8, Ran::code).returns("1\n", Ran::out)
                .satisfies(ran -> assertThat(ran.err()).endsWith("agentctl: The agent broke off before the end of its answer\n"));
        server.on(INVOCATIONS, 200, "data: {\"error\":\"out of words\",\"error_type\":\"x\",\"message\":\"The agent failed while it was streaming\"}\n\n", "Content-Type", "text/event-stream");
        assertThat(in().run("invoke", "hello")).returns(8, Ran::code)
                .satisfies(ran -> assertThat(ran.err()).endsWith("agentctl: The agent failed while it was streaming: out of words\n"));
    }

    @Test
    void whenToAskAgainIsTold() {
        server.on(INVOCATIONS, 429, "{\"message\":\"Too many\"}", "Retry-After", "3");
        assertThat(in().run("invoke", "hello")).returns(7, Ran::code).returns("agentctl: Too many\n  Ask again in 3 s.\n", Ran::err);
        server.on(INVOCATIONS, 500, "{\"message\":\"Broken\"}");
        assertThat(in().run("invoke", "hello")).returns(9, Ran::code).returns("agentctl: Broken\n  The server's log has more under the request's id request-1.\n", Ran::err);
    }

    @Test
    void whatIsPipedInIsSentWholeAndLeavesNothingBehind() throws IOException {
        byte[] large = new byte[300_000];
        new Random(3).nextBytes(large);
        in().input(new ByteArrayInputStream(large)).run("invoke", "hello", "--file", "-");
        assertThat(server.last().body()).isEqualTo(large);
        Path file;
        try (Spooled spooled = Spooled.of(new ByteArrayInputStream(large), large.length)) {
            file = spooled.file();
            assertThat(Files.readAllBytes(file)).isEqualTo(large);
        }
        assertThat(file).doesNotExist();
        assertThatThrownBy(() -> Spooled.of(new ByteArrayInputStream(large), large.length - 1)).isInstanceOf(Problem.class)
                .hasMessage("The body has more than 299999 bytes, the most that a server takes.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--header Host=x", "--header Content-Length=7", "--header A\u0001=b", "--session a\u0001b", "--type a\u0001b", "--timeout 0", "--timeout -5"})
    void whatHttpDoesNotAllowIsSaidAndNotSent(String option) {
        Ran ran = in().run(("invoke hello " + option).split(" "));
        assertThat(ran).as(ran.err()).returns(2, Ran::code);
        assertThat(ran.err()).doesNotContain("itself failed");
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void anAnswerMovesNoTerminalAndIsWholeForAProgram() {
        server.on(INVOCATIONS, 200, "a\u001b]0;title\u0007b\n\u202ec ä\n", "Content-Type", "text/plain");
        assertThat(in().run("invoke", "hello").out()).isEqualTo("a\u001b]0;title\u0007b\n\u202ec ä\n\n");
        assertThat(in().terminal().run("invoke", "hello").out()).isEqualTo("a ]0;title b\n c ä\n\n");
        assertThat(in().terminal().run("invoke", "hello", "--raw").out()).contains("\u001b]0;title");
    }

    /** An agent that never stops, piped into what has stopped. */
    @Timeout(60)
    @ParameterizedTest
    @ValueSource(strings = {"", "--raw", "--stream"})
    void anAnswerThatNobodyReadsIsCutOff(String option) {
        server.on(INVOCATIONS, exchange -> {
            exchange.getResponseHeaders().set("Content-Type", option.equals("--stream") ? "text/event-stream" : "text/plain");
            exchange.sendResponseHeaders(200, 0);
            while (true) {
                exchange.getResponseBody().write("data: word\n\n".getBytes(StandardCharsets.UTF_8));
            }
        });
        assertThat(in().unread().run(("invoke hello " + option).strip().split(" "))).returns(1, Ran::code)
                .satisfies(ran -> assertThat(ran.err()).endsWith("agentctl: Nobody reads the output any more; the agent's work is cut off.\n"));
    }
}
