package dev.agentruntime.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.agentruntime.requests.ModelFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelFactsTest {

    private static final Path FACTS = Path.of("src/main/resources/dev/agentruntime/control/facts.json");
    private static final List<String> OPERATIONS = List.of(
            "CreateAgentRuntime", "GetAgentRuntime", "UpdateAgentRuntime", "DeleteAgentRuntime", "ListAgentRuntimes",
            "ListAgentRuntimeVersions", "CreateAgentRuntimeEndpoint", "GetAgentRuntimeEndpoint", "UpdateAgentRuntimeEndpoint",
            "DeleteAgentRuntimeEndpoint", "ListAgentRuntimeEndpoints", "TagResource", "UntagResource", "ListTagsForResource");
    private static final String MODELS = System.getProperty("agentcore.models", "");

    /** With -Dagentcore.models.write=true the facts are taken anew. */
    @Test
    void theFactsAreThoseOfTheModels() throws IOException {
        assumeFalse(MODELS.isEmpty(), "-Dagentcore.models=DIR names the folder of AgentCore's model files");
        String facts = ModelFacts.ofControl(Path.of(MODELS), OPERATIONS);
        if (Boolean.getBoolean("agentcore.models.write")) {
            Files.writeString(FACTS, facts);
        }
        assertThat(FACTS).hasContent(facts);
    }
}
