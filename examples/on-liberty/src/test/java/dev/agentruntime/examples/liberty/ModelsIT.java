package dev.agentruntime.examples.liberty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.examples.support.ScriptedModel;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents that ask a model, whose endpoint comes from the environment. */
@EnabledIfSystemProperty(named = "liberty.home", matches = "/.+")
class ModelsIT {

    private static final ScriptedModel MODEL = ScriptedModel.start(Duration.ofMillis(200));

    @TempDir
    static Path folder;

    private static Liberty liberty;

    @BeforeAll
    static void start() {
        liberty = Liberty.start(folder, List.of("http", "langchain4j"), Map.of("OPENAI_BASE_URL", MODEL.baseUrl()));
    }

    @AfterAll
    static void stop() {
        liberty.close();
        MODEL.close();
    }

    @Test
    void theJdksClientReachesTheModel() {
        HttpResponse<String> answer = liberty.invoke("http", "{\"prompt\": \"Good day\"}");
        assertThat(answer.statusCode()).as(answer.body() + liberty.log()).isEqualTo(200);
        assertThat(answer.body()).contains("You said: Good day");
    }

    @ParameterizedTest
    @ValueSource(strings = {"langchain4j"})
    void theModelCallsATool(String example) {
        HttpResponse<String> answer = liberty.invoke(example, "{\"prompt\": \"What is left of the paper?\"}");
        assertThat(answer.statusCode()).as(answer.body() + liberty.log()).isEqualTo(200);
        assertThat(answer.body()).contains("It says: 40");
    }

    @ParameterizedTest
    @ValueSource(strings = {"langchain4j"})
    void tokensComeAsTheModelMakesThem(String example) throws Exception {
        HttpResponse<InputStream> answer = liberty.stream(example, "{\"prompt\": \"What is left of the ink?\", \"stream\": true}");
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        StringBuilder text = new StringBuilder();
        List<Long> arrivals = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> line.startsWith("data:")).forEach(line -> {
                arrivals.add(System.nanoTime());
                text.append(line.substring(5));
            });
        }
        assertThat(text.toString().replaceAll("[\" ]", "")).isEqualTo("Itsays:3");
        assertThat(Duration.ofNanos(arrivals.get(arrivals.size() - 1) - arrivals.get(0))).isGreaterThan(Duration.ofMillis(250));
    }
}
