package dev.agentruntime.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.RoomOperations.Row;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The description of the front door's paths has this room's operations. */
class OpenApiTest {

    @Test
    void everyOperationIsDescribedAndNoOther() throws Exception {
        Map<String, String> names = new TreeMap<>();
        for (Row row : new UsageDoor(query -> List.of(), page -> List.of(), Optional::empty, Clock.systemUTC()).operations()) {
            names.put(row.method() + " " + row.path(), row.name());
        }
        assertThat(described()).isEqualTo(names);
    }

    private static Map<String, String> described() throws Exception {
        Map<String, String> described = new TreeMap<>();
        try (Reader file = Files.newBufferedReader(Path.of("../invocation-servlet/src/main/resources/META-INF/openapi.json"));
                JsonReader reader = Json.createReader(file)) {
            reader.readObject().getJsonObject("paths").forEach((path, methods) -> methods.asJsonObject().forEach((method, value) -> {
                JsonObject operation = value.asJsonObject();
                if (operation.getJsonArray("tags").getString(0).equals("accounting")) {
                    described.put(method.toUpperCase() + " " + path, operation.getString("operationId"));
                }
            }));
        }
        return described;
    }
}
