package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The description of the paths is equal to the paths: those of this module here, the control plane's in its own test. */
class OpenApiTest {

    private static final String METADATA = "/runtimes/{runtime}/invocations/.well-known/oauth-protected-resource";

    private final FrontDoor door = FrontDoor.open(FrontDoorLimits.of("PT5S"));
    private final Operations operations = Operations.of(new OneInvocation(new CompletableFuture<>()), door);
    private final JsonObject document = read();

    @AfterEach
    void close() {
        door.close();
    }

    private static JsonObject read() {
        try (InputStream in = OpenApi.class.getResourceAsStream(OpenApi.DOCUMENT); JsonReader reader = Json.createReader(in)) {
            return reader.readObject();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is described, by method and path; the names of operations. */
    private Map<String, String> described(String tag) {
        Map<String, String> described = new TreeMap<>();
        document.getJsonObject("paths").forEach((path, methods) -> methods.asJsonObject().forEach((method, operation) -> {
            if (operation.asJsonObject().getJsonArray("tags").getString(0).equals(tag)) {
                described.put(method.toUpperCase() + " " + path, operation.asJsonObject().getString("operationId"));
            }
        }));
        return described;
    }

    @Test
    void everyPathIsDescribedAndNoOther() {
        Map<String, String> routes = new TreeMap<>();
        operations.own().forEach(row -> row.methods().forEach(method -> routes.put(method + " /" + String.join("/", row.path().segments()), row.name())));
        routes.put("GET " + METADATA, "GetRuntimeProtectedResourceMetadata");
        routes.put("HEAD " + METADATA, "GetRuntimeProtectedResourceMetadata");
        Map<String, String> described = described("data plane");
        assertThat(described.keySet()).isEqualTo(routes.keySet());
        assertThat(described).allSatisfy((route, name) -> assertThat(name).startsWith(routes.get(route)));
    }

    @Test
    void everyOperationHasANameOfItsOwnAndNamesThePartsOfItsPath() {
        List<String> names = new ArrayList<>();
        document.getJsonObject("paths").forEach((path, methods) -> methods.asJsonObject().forEach((method, operation) -> {
            names.add(operation.asJsonObject().getString("operationId"));
            Set<String> inPath = Pattern.compile("\\{(\\w+)}").matcher(path).results().map((MatchResult part) -> part.group(1)).collect(Collectors.toSet());
            assertThat(parameters(operation.asJsonObject())).as("%s %s", method, path).isEqualTo(inPath);
            assertThat(operation.asJsonObject().getJsonObject("responses")).as("%s %s", method, path).containsKey("default");
        }));
        assertThat(names).doesNotHaveDuplicates();
    }

    private Set<String> parameters(JsonObject operation) {
        JsonArray all = operation.containsKey("parameters") ? operation.getJsonArray("parameters") : JsonValue.EMPTY_JSON_ARRAY;
        return all.getValuesAs(JsonObject.class).stream().map(this::whole).filter(parameter -> parameter.getString("in").equals("path"))
                .map(parameter -> parameter.getString("name")).collect(Collectors.toSet());
    }

    private JsonObject whole(JsonObject parameter) {
        return parameter.containsKey("$ref")
                ? document.getValue(parameter.getString("$ref").substring(1)).asJsonObject() : parameter;
    }

    @Test
    void whatIsReferredToIsThere() {
        Set<String> references = new TreeSet<>();
        references(document, references);
        assertThat(references).isNotEmpty().allSatisfy(reference -> assertThat(document.getValue(reference.substring(1))).isNotNull());
    }

    private static void references(JsonValue value, Set<String> found) {
        if (value instanceof JsonObject object) {
            object.forEach((name, part) -> {
                if (name.equals("$ref") && part instanceof JsonString reference) {
                    found.add(reference.getString());
                }
                references(part, found);
            });
        } else if (value instanceof JsonArray array) {
            array.forEach(part -> references(part, found));
        }
    }

    @Test
    void aSessionIsDescribedAsItIsShown() {
        Set<String> described = document.getValue("/components/schemas/Session/properties").asJsonObject().keySet();
        JsonObject shown = Views.session(ViewsTest.full(), ViewsTest.COSTS);
        assertThat(described).isEqualTo(shown.keySet());
    }

    @Test
    void theDocumentIsThereForCallers() throws Exception {
        FakeCaller caller = new FakeCaller();
        OpenApi.load().document(new Operation.Call(caller.request(), caller.response(), Map.of(), null, new WaitingReads()));
        assertThat(caller.answer()).isEqualTo(Files.readString(Path.of("src/main/resources" + OpenApi.DOCUMENT), StandardCharsets.UTF_8));
    }
}
