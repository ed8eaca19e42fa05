package dev.agentruntime.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.requests.Check;
import dev.agentruntime.requests.FieldProblem;
import dev.agentruntime.requests.Shapes;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckTest {

    private static final String TOKEN = "0123456789012345678901234567890123456789";
    private static final String GOOD = """
            {"agentRuntimeName": "hello", "roleArn": "arn:aws:iam::123456789012:role/agents", "clientToken": "%s",
             "agentRuntimeArtifact": {"containerConfiguration": {"containerUri": "file:hello.war"}}%s}""";

    private final Shapes shapes = Shapes.load(ControlPlane.class, "facts.json", "additions.json");

    @Test
    void aRequestAsAgentCoreTakesItHasNoProblem() {
        assertThat(problems("")).isEmpty();
        assertThat(problems(", \"lifecycleConfiguration\": {\"idleRuntimeSessionTimeout\": 60, \"maxLifetime\": 28800}")).isEmpty();
        assertThat(problems(", \"environmentVariables\": {\"A\": \"\"}, \"tags\": {\"team\": \"blue\"}")).isEmpty();
        assertThat(problems(", \"hooksConfiguration\": {\"build\": {\"warmup\": {\"action\": {\"httpPost\": {\"path\": \"/warm\"}}}}}"))
                .isEmpty();
    }

    @Test
    void eachProblemNamesItsFieldAndWhatItMustBe() {
        assertThat(Check.of(shapes, "CreateAgentRuntimeRequest", json("{\"agentRuntimeName\": \"9lives\"}"))).containsExactlyInAnyOrder(
                new FieldProblem("agentRuntimeArtifact", "is required"),
                new FieldProblem("roleArn", "is required"),
                new FieldProblem("agentRuntimeName", "must match the pattern [a-zA-Z][a-zA-Z0-9_]{0,47}"));
    }

    @Test
    void nullIsAsIfTheMemberWereNotThere() {
        assertThat(problems(", \"description\": null, \"tags\": null")).isEmpty();
        assertThat(names("{\"agentRuntimeName\": null}")).contains("agentRuntimeName");
    }

    @Test
    void aValueOfAnotherTypeIsRefused() {
        assertThat(problems(", \"description\": 7")).containsExactly(new FieldProblem("description", "must be text"));
        assertThat(problems(", \"tags\": []")).containsExactly(new FieldProblem("tags", "must be an object"));
        assertThat(problems(", \"lifecycleConfiguration\": {\"maxLifetime\": \"60\"}"))
                .containsExactly(new FieldProblem("lifecycleConfiguration.maxLifetime", "must be a whole number"));
        assertThat(problems(", \"lifecycleConfiguration\": {\"maxLifetime\": 60.5}")).hasSize(1);
        assertThat(problems(", \"lifecycleConfiguration\": {\"maxLifetime\": 1e999999999}")).hasSize(1);
        assertThat(problems(", \"metadataConfiguration\": {\"requireMMDSV2\": \"true\"}"))
                .containsExactly(new FieldProblem("metadataConfiguration.requireMMDSV2", "must be true or false"));
        assertThat(problems(", \"requestHeaderConfiguration\": {\"requestHeaderAllowlist\": \"X\"}"))
                .containsExactly(new FieldProblem("requestHeaderConfiguration.requestHeaderAllowlist", "must be a list"));
    }

    @Test
    void boundsHoldAtBothEnds() {
        assertThat(problems(", \"lifecycleConfiguration\": {\"maxLifetime\": 59}"))
                .containsExactly(new FieldProblem("lifecycleConfiguration.maxLifetime", "must be 60 to 1209600"));
        assertThat(problems(", \"lifecycleConfiguration\": {\"maxLifetime\": 1209601}")).hasSize(1);
        assertThat(problems(", \"description\": \"\"")).hasSize(1);
        assertThat(problems(", \"description\": \"" + "x".repeat(4096) + "\"")).isEmpty();
        assertThat(problems(", \"description\": \"" + "x".repeat(4097) + "\"")).hasSize(1);
        assertThat(problems(", \"environmentVariables\": {\"\": \"x\"}"))
                .containsExactly(new FieldProblem("environmentVariables.key", "must have 1 to 100 characters"));
    }

    @Test
    void textThatNoDatabaseTakesIsRefused() {
        assertThat(problems(", \"description\": \"a\\u0000b\"")).containsExactly(new FieldProblem("description", "must not have the character NUL"));
        for (String half : List.of("\\ud83d", "a\\ude00b", "\\ude00\\ud83d")) {
            assertThat(problems(", \"description\": \"" + half + "\"")).extracting(FieldProblem::message).singleElement().asString()
                    .contains("half of a surrogate pair");
            assertThat(problems(", \"environmentVariables\": {\"A\": \"" + half + "\"}")).hasSize(1);
        }
        assertThat(problems(", \"description\": \"\\ud83d\\ude00\"")).isEmpty();
    }

    @Test
    void aWordOutsideTheListIsRefused() {
        assertThat(problems(", \"networkConfiguration\": {\"networkMode\": \"public\"}"))
                .containsExactly(new FieldProblem("networkConfiguration.networkMode", "must be one of PUBLIC, VPC"));
    }

    @Test
    void aUnionHasOneMember() {
        assertThat(names("{\"agentRuntimeArtifact\": {}}")).contains("agentRuntimeArtifact");
        assertThat(Check.of(shapes, "AgentRuntimeArtifact", json("{\"containerConfiguration\": {\"containerUri\": \"x\"},"
                + " \"codeConfiguration\": {\"code\": {\"s3\": {\"bucket\": \"abc\", \"prefix\": \"p\"}}, \"runtime\": \"NODE_22\","
                + " \"entryPoint\": [\"a\"]}}"))).hasSize(1);
    }

    @Test
    void aMemberThatNobodyKnowsIsLetBe() {
        assertThat(problems(", \"platformVersion\": \"V2\"")).isEmpty();
    }

    @Test
    void hostileTextDoesNotHoldUpTheCheck() {
        org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            assertThat(Check.of(shapes, "ClientToken", Json.createValue("-".repeat(255) + "!"))).hasSize(1);
            assertThat(Check.of(shapes, "ClientToken", Json.createValue("a" + "-".repeat(250) + "!"))).hasSize(1);
            assertThat(Check.of(shapes, "TaggableResourcesArn", Json.createValue("arn:" + "a/".repeat(500) + "!"))).hasSize(1);
            assertThat(Check.of(shapes, "RoleArn", Json.createValue("arn:aws" + ":iam::".repeat(330)))).hasSize(1);
        });
    }

    @Test
    void noMoreThanTwentyProblemsAreTold() {
        StringBuilder keys = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            keys.append(i == 0 ? "" : ", ").append("\"k").append(i).append("\": 1");
        }
        assertThat(problems(", \"tags\": {" + keys + "}")).hasSize(20);
    }

    private List<FieldProblem> problems(String more) {
        return Check.of(shapes, "CreateAgentRuntimeRequest", json(GOOD.formatted(TOKEN, more)));
    }

    private List<String> names(String body) {
        return Check.of(shapes, "CreateAgentRuntimeRequest", json(body)).stream().map(FieldProblem::name).toList();
    }

    private static JsonObject json(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }
}
