package dev.agentruntime.examples.liberty;

import static dev.agentruntime.examples.liberty.OnLiberty.liberty;
import static dev.agentruntime.examples.liberty.OnLiberty.model;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.examples.support.Heard;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents that ask a model, whose endpoint comes from the environment. */
@EnabledIfSystemProperty(named = "liberty.home", matches = "/.+")
@ExtendWith(OnLiberty.class)
class ModelsIT {

    @Test
    void theJdksClientReachesTheModel() {
        HttpResponse<String> answer = liberty().invoke("http", "{\"prompt\": \"Good day\"}");
        assertThat(answer.statusCode()).as(answer.body() + liberty().log()).isEqualTo(200);
        assertThat(answer.body()).contains("You said: Good day");
    }

    @ParameterizedTest
    @ValueSource(strings = {"langchain4j", "spring-ai"})
    void theModelCallsATool(String example) {
        HttpResponse<String> answer = liberty().invoke(example, "{\"prompt\": \"What is left of the paper?\"}");
        assertThat(answer.statusCode()).as(answer.body() + liberty().log()).isEqualTo(200);
        assertThat(answer.body()).contains("It says: 40");
    }

    @ParameterizedTest
    @ValueSource(strings = {"langchain4j", "spring-ai"})
    void tokensComeAsTheModelMakesThem(String example) throws Exception {
        HttpResponse<InputStream> answer = liberty().stream(example, "{\"prompt\": \"What is left of the ink?\", \"stream\": true}");
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        StringBuilder text = new StringBuilder();
        List<Long> arrivals = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> line.startsWith("data:")).forEach(line -> {
                arrivals.add(System.nanoTime());
                text.append(line);
            });
        }
        assertThat(text.toString()).containsSubsequence("It", "says", "3");
        assertThat(Duration.ofNanos(arrivals.get(arrivals.size() - 1) - arrivals.get(0))).isGreaterThan(Duration.ofMillis(250));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "langchain4j", "spring-ai"})
    void noAgentKnowsAKey(String example) {
        String prompt = "Is there a key in " + example;
        liberty().invoke(example, "{\"prompt\": \"" + prompt + "\"}");
        List<Heard> heard = model().heard().stream().filter(request -> request.body().toString().contains(prompt)).toList();
        assertThat(heard).isNotEmpty().allSatisfy(request ->
                assertThat(request.authorization().orElse("Bearer unused")).isEqualTo("Bearer unused"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "langchain4j", "spring-ai", "mcp-client", "orders"})
    void everyAgentIsHealthy(String example) {
        assertThat(liberty().ping(example).body()).as(liberty().log()).contains("\"status\":\"Healthy\"");
    }
}
