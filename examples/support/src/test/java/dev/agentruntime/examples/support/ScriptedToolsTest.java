package dev.agentruntime.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScriptedToolsTest {

    private final ScriptedTools tools = ScriptedTools.start();

    @AfterEach
    void stop() {
        tools.close();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> ask(String body) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(tools.url())).header("Authorization", "Bearer k").POST(BodyPublishers.ofString(body)));
    }

    @Test
    void aClientIsWelcomedWithTheVersionThatItSpeaksAndASession() throws Exception {
        HttpResponse<String> answer = ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\"}}");
        assertThat(answer.headers().firstValue("Mcp-Session-Id")).contains("s-1");
        assertThat(answer.body()).contains("\"id\":1", "\"protocolVersion\":\"2025-06-18\"", "\"tools\":{}");
        assertThat(ask("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}").statusCode()).isEqualTo(202);
    }

    @Test
    void itsToolIsListedCalledAndFailsForWhatThereIsNot() throws Exception {
        assertThat(ask("{\"id\":\"a\",\"method\":\"tools/list\"}").body()).contains("\"id\":\"a\"", "\"name\":\"stock\"", "\"required\":[\"item\"]");
        assertThat(ask(call("paper")).body()).contains("\"isError\":false", "7 of paper are left");
        assertThat(ask(call("unicorn")).body()).contains("\"isError\":true", "There is no unicorn");
        assertThat(ask("{\"id\":2,\"method\":\"ping\"}").body()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}");
    }

    private static String call(String item) {
        return "{\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"stock\",\"arguments\":{\"item\":\"" + item + "\"}}}";
    }

    @Test
    void whatItWasAskedIsRememberedAndItPushesNothing() throws Exception {
        ask(call("paper"));
        assertThat(tools.heard()).singleElement().satisfies(heard -> {
            assertThat(heard.path()).isEqualTo("/mcp");
            assertThat(heard.authorization()).contains("Bearer k");
            assertThat(heard.body().getString("method")).isEqualTo("tools/call");
        });
        assertThat(send(HttpRequest.newBuilder(URI.create(tools.url()))).statusCode()).isEqualTo(405);
        assertThat(tools.heard()).hasSize(1);
    }
}
