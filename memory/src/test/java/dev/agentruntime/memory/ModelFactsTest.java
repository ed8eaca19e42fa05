package dev.agentruntime.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.agentruntime.requests.ModelFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With -Dagentcore.models.write=true the facts are taken anew. */
class ModelFactsTest {

    private static final Path FACTS = Path.of("src/main/resources/dev/agentruntime/memory");
    private static final String MODELS = System.getProperty("agentcore.models", "");

    @Test
    void theFactsAreThoseOfTheControlApisModel() throws IOException {
        assumeFalse(MODELS.isEmpty(), "-Dagentcore.models=DIR names the folder of AgentCore's model files");
        compare("control.json", ModelFacts.ofControl(Path.of(MODELS), List.of("CreateMemory", "GetMemory", "UpdateMemory", "DeleteMemory", "ListMemories")));
    }

    @Test
    void theFactsAreThoseOfTheDataApisModel() throws IOException {
        assumeFalse(MODELS.isEmpty(), "-Dagentcore.models=DIR names the folder of AgentCore's model files");
        compare("data.json", ModelFacts.ofData(Path.of(MODELS), List.of("CreateEvent", "GetEvent", "DeleteEvent", "ListEvents", "ListSessions", "ListActors",
                "BatchCreateMemoryRecords", "BatchUpdateMemoryRecords", "BatchDeleteMemoryRecords", "GetMemoryRecord", "DeleteMemoryRecord", "ListMemoryRecords", "RetrieveMemoryRecords")));
    }

    private static void compare(String name, String facts) throws IOException {
        if (Boolean.getBoolean("agentcore.models.write")) {
            Files.writeString(FACTS.resolve(name), facts);
        }
        assertThat(FACTS.resolve(name)).hasContent(facts);
    }
}
