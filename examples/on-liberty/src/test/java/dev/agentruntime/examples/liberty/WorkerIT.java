package dev.agentruntime.examples.liberty;

import static dev.agentruntime.examples.liberty.OnLiberty.liberty;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

@EnabledIfSystemProperty(named = "liberty.home", matches = "/.+")
@ExtendWith(OnLiberty.class)
class WorkerIT {

    @Test
    void aJobGoesOnWhoeverLooksOnAndEndsWhenItIsCancelled() throws IOException {
        assertThat(liberty().invoke("worker", "{\"seconds\": 600}").body()).contains("\"state\":\"running\"");
        assertThat(ping()).contains("HealthyBusy");
        try (BufferedReader lines = follow()) {
            assertThat(lines.readLine()).startsWith("data:").contains("running");
        }
        // the one who followed is gone
        await().atMost(Duration.ofSeconds(20)).until(() -> liberty().invoke("worker", "{\"status\": true}").body().matches(".*secondsDone\":[3-9].*"));
        assertThat(ping()).contains("HealthyBusy");
        BufferedReader second = follow();
        assertThat(liberty().invoke("worker", "{\"cancel\": true}").body()).contains("\"state\":\"cancelled\"");
        assertThat(second.lines().filter(line -> line.contains("cancelled"))).hasSize(1);
        assertThat(ping()).contains("\"status\":\"Healthy\"");
    }

    private static BufferedReader follow() {
        return new BufferedReader(new InputStreamReader(liberty().stream("worker", "{\"follow\": true}").body(), StandardCharsets.UTF_8));
    }

    private static String ping() {
        return liberty().ping("worker").body();
    }
}
