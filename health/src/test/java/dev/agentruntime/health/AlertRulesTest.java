package dev.agentruntime.health;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The alert rules and the dashboard of {@code server-config/monitoring}. That their meters are really served is for {@code MetersIT} of the
 * invocation servlet, which has a server.
 */
class AlertRulesTest {

    private static final Path FOLDER = Path.of("..", "server-config", "monitoring");
    private static final Path RULES = FOLDER.resolve("alerts.yml");
    private static final Path TESTS = FOLDER.resolve("alerts.test.yml");

    private static List<String> alerts() throws IOException {
        return Pattern.compile("- alert: (\\w+)").matcher(Files.readString(RULES)).results().map(found -> found.group(1)).toList();
    }

    @Test
    void eachAlertHasARowInTheManualThatSaysWhatToDo() throws IOException {
        String manual = Files.readString(Path.of("..", "docs", "operations.md"));
        assertThat(alerts()).hasSizeGreaterThan(10).doesNotHaveDuplicates()
                .allSatisfy(alert -> assertThat(manual).containsPattern("\\| `" + alert + "` \\| (critical|warning|info) \\| [^|]{20,} \\| [^|]{20,} \\|"));
        assertThat(Pattern.compile("\\| `(Agent[A-Z]\\w+)` \\|").matcher(manual).results().map(row -> row.group(1)))
                .as("rows of alerts that there are").containsExactlyInAnyOrderElementsOf(alerts());
    }

    @Test
    void theManualSaysHowSevereEachIs() throws IOException {
        String manual = Files.readString(Path.of("..", "docs", "operations.md"));
        List<MatchResult> rules = Pattern.compile("- alert: (\\w+)(?s:.*?)severity: (\\w+)").matcher(Files.readString(RULES)).results().toList();
        assertThat(rules).hasSameSizeAs(alerts())
                .allSatisfy(rule -> assertThat(manual).contains("| `" + rule.group(1) + "` | " + rule.group(2) + " |"));
    }

    @Test
    void eachAlertIsTriedBothWays() throws IOException {
        String tests = Files.readString(TESTS);
        assertThat(alerts()).allSatisfy(alert -> assertThat(tests)
                .contains("alertname: " + alert + ", exp_alerts: []").containsPattern("alertname: " + alert + "\\s+exp_alerts:\\s+- exp_labels"));
    }

    @Test
    void theDashboardHasPanelsThatAskForSomething() throws IOException {
        try (InputStream in = Files.newInputStream(FOLDER.resolve("dashboard.json")); JsonReader reader = Json.createReader(in)) {
            JsonObject dashboard = reader.readObject();
            JsonArray panels = dashboard.getJsonArray("panels");
            assertThat(panels).hasSizeGreaterThan(10);
            assertThat(panels.getValuesAs(JsonObject.class).stream().map(panel -> panel.getInt("id"))).doesNotHaveDuplicates();
            assertThat(panels.getValuesAs(JsonObject.class)).allSatisfy(panel -> {
                assertThat(panel.getString("title")).isNotBlank();
                assertThat(panel.getJsonArray("targets").getValuesAs(JsonObject.class)).isNotEmpty()
                        .allSatisfy(target -> assertThat(target.getString("expr")).contains("agent_"));
            });
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "promtool", matches = ".+")
    void prometheusTakesTheRules() throws Exception {
        assertThat(promtool("check", "rules", RULES.toString())).contains(alerts().size() + " rules found");
    }

    @Test
    @EnabledIfSystemProperty(named = "promtool", matches = ".+")
    void eachAlertFiresWhenWhatItIsForHappensAndNotOtherwise() throws Exception {
        assertThat(promtool("test", "rules", TESTS.toString())).contains("SUCCESS");
    }

    /** What it says; the test fails where it is not content. */
    private static String promtool(String... arguments) throws Exception {
        Process process = new ProcessBuilder(arguments(arguments)).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).as(said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    private static List<String> arguments(String... rest) {
        return Stream.concat(Stream.of(System.getProperty("promtool")), Arrays.stream(rest)).toList();
    }
}
