package dev.agentruntime.examples.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScriptedModelTest {

    private static final String TOOLS = """
            , "tools": [{"type": "function", "function": {"name": "stock", "parameters":
              {"type": "object", "properties": {"item": {"type": "string"}}}}}]""";

    private final ScriptedModel model = ScriptedModel.start(Duration.ofMillis(1));

    @AfterEach
    void stop() {
        model.close();
    }

    @Test
    void withoutToolsItRepeatsWhatTheUserSaid() throws Exception {
        assertThat(ask("{\"role\": \"user\", \"content\": \"Good day\"}", "")).contains("\"content\":\"You said: Good day\"");
        assertThat(model.heard()).singleElement().satisfies(heard -> {
            assertThat(heard.authorization()).isEqualTo(Optional.of("Bearer k"));
            assertThat(heard.body().getString("model")).isEqualTo("m");
        });
    }

    @Test
    void aToolIsCalledWithTheLastWordOfTheQuestionAndItsResultRepeated() throws Exception {
        assertThat(ask("{\"role\": \"user\", \"content\": \"What is left of the paper?\"}", TOOLS))
                .contains("\"name\":\"stock\"", "{\\\"item\\\":\\\"paper\\\"}", "\"finish_reason\":\"tool_calls\"");
        assertThat(ask("{\"role\": \"tool\", \"tool_call_id\": \"call_1\", \"content\": \"40\"}", TOOLS)).contains("It says: 40");
    }

    @Test
    void aStreamedAnswerComesWordByWord() throws Exception {
        String events = ask("{\"role\": \"user\", \"content\": [{\"type\": \"text\", \"text\": \"Hi\"}]}", ", \"stream\": true");
        assertThat(events).containsSubsequence("\"You\"", "\" said:\"", "\" Hi\"", "\"finish_reason\":\"stop\"", "data: [DONE]");
    }

    private String ask(String message, String more) throws Exception {
        String body = "{\"model\": \"m\", \"messages\": [" + message + "]" + more + "}";
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(model.baseUrl() + "/chat/completions"))
                .header("Authorization", "Bearer k").POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString()).body();
    }
}
