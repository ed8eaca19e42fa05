package dev.agentruntime.agentctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.client.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
