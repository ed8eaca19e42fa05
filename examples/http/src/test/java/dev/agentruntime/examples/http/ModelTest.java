package dev.agentruntime.examples.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.agentruntime.examples.support.ScriptedModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelTest {

    @Test
    void theModelsAnswerIsReturnedAndNoKeyIsSent() throws Exception {
        try (ScriptedModel model = ScriptedModel.start(Duration.ZERO)) {
            assertThat(new Model(model.baseUrl(), "m").answer("Good day")).isEqualTo("You said: Good day");
            assertThat(model.heard().get(0).authorization()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "403 | not allowed      | answered 403: not allowed",
        "200 | <html/>          | did not answer with a chat completion: <html/>",
        "200 | {\"choices\":[]} | did not answer with a chat completion",
    })
    void whateverElseComesIsToldWithTheEndpoint(int status, String body, String complaint) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        try {
            String base = "http://localhost:" + server.getAddress().getPort() + "/v1";
            assertThatThrownBy(() -> new Model(base, "m").answer("Good day")).isInstanceOf(IOException.class)
                    .hasMessageContaining(base + "/chat/completions").hasMessageContaining(complaint);
        } finally {
            server.stop(0);
        }
    }
}
