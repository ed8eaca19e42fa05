package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Whether a real Open Liberty serves the meters that alert rules, dashboard and manual name, after one of each event that is metered. */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
class MetersIT {

    private static final Path MONITORING = Path.of("..", "server-config", "monitoring");
    /** Not one of the values of labels, which stand in quotes. */
    private static final Pattern NAME = Pattern.compile("(?<![\"\\w])agent_[a-z_]+");
    private static final Pattern SELECTOR = Pattern.compile("\\b(agent_[a-z_]+)\\{([^}]*)}");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)(=~?)\"([^\"]*)\"");

    static {
        TestDoor.open();
    }

    /** The samples, once all are there. */
    private static List<String> samples() {
        List<String> samples = new ArrayList<>();
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            samples.clear();
            TestDoor.metrics("application").lines().filter(line -> line.startsWith("agent_")).forEach(samples::add);
            assertThat(samples).anyMatch(line -> line.startsWith("agent_budget_events_total{") && line.contains("per=\"subject\""));
        });
        return samples;
    }

    private static List<String> expressions() throws IOException {
        List<String> expressions = new ArrayList<>();
        Pattern.compile("expr: (.*)").matcher(Files.readString(MONITORING.resolve("alerts.yml"))).results().map(found -> found.group(1)).forEach(expressions::add);
        try (InputStream in = Files.newInputStream(MONITORING.resolve("dashboard.json")); JsonReader reader = Json.createReader(in)) {
            JsonObject dashboard = reader.readObject();
            dashboard.getJsonArray("panels").getValuesAs(JsonObject.class).forEach(panel -> panel.getJsonArray("targets").getValuesAs(JsonObject.class)
                    .forEach(target -> expressions.add(target.getString("expr"))));
            dashboard.getJsonObject("templating").getJsonArray("list").getValuesAs(JsonObject.class).forEach(one -> expressions.add(one.getString("query")));
        }
        assertThat(expressions).hasSizeGreaterThan(25);
        return expressions;
    }

    @Test
    void whatAlertsAndDashboardAskForIsServed() throws IOException {
        List<String> samples = samples();
        TreeSet<String> names = new TreeSet<>();
        expressions().forEach(expression -> NAME.matcher(expression).results().map(MatchResult::group).forEach(names::add));
        assertThat(names).hasSizeGreaterThan(10).allSatisfy(name -> assertThat(samples).anyMatch(sample -> sample.startsWith(name + "{")));
    }

    @Test
    void eachHasTheLabelsAndValuesThatTheyPickItBy() throws IOException {
        List<String> samples = samples();
        for (String expression : expressions()) {
            Matcher selector = SELECTOR.matcher(expression);
            while (selector.find()) {
                String name = selector.group(1);
                MATCHER.matcher(selector.group(2)).results().filter(label -> !label.group(1).equals("instance")).forEach(label -> {
                    String wanted = label.group(1) + "=\"" + (label.group(3).startsWith("$") ? "" : label.group(3) + "\"");
                    assertThat(samples).as("%s of %s", wanted, name).anyMatch(sample -> sample.startsWith(name + "{") && sample.contains(wanted));
                });
            }
        }
    }

    @Test
    void theManualNamesWhatIsServedAndNothingElse() throws IOException {
        List<String> families = Pattern.compile("(?m)^\\| `(agent_[a-z_]+)` \\|").matcher(Files.readString(Path.of("..", "docs", "operations.md"))).results()
                .map(row -> row.group(1)).toList();
        List<String> served = samples().stream().map(sample -> sample.substring(0, sample.indexOf('{')).replaceFirst("_(count|sum|max)$", "")).distinct().toList();
        assertThat(served).containsExactlyInAnyOrderElementsOf(families);
    }

    @Test
    @EnabledIfSystemProperty(named = "promtool", matches = ".+")
    void prometheusOwnParserTakesWhatIsServedAndFindsNothingToSayOfIt() throws Exception {
        samples();
        Process promtool = new ProcessBuilder(System.getProperty("promtool"), "check", "metrics").redirectErrorStream(true).start();
        promtool.getOutputStream().write(TestDoor.metrics("application").getBytes(StandardCharsets.UTF_8));
        promtool.getOutputStream().close();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor(1, TimeUnit.MINUTES)).as(said).isTrue();
        assertThat(Arrays.asList(said.split("\n"))).filteredOn(line -> line.startsWith("agent_")).as(said).isEmpty();
        assertThat(said).doesNotContain("error while linting");
    }
}
