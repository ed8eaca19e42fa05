package dev.agentruntime.examples.liberty;

import dev.agentruntime.examples.support.ScriptedModel;
import dev.agentruntime.examples.support.ScriptedTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;

/** One Open Liberty with all example WARs, and what they call beside it, for all tests of a run. */
final class OnLiberty implements BeforeAllCallback {

    private static final List<String> EXAMPLES = List.of("http", "langchain4j", "spring-ai", "mcp-client", "orders", "audit", "worker");
    private static Running running;

    private record Running(ScriptedModel model, ScriptedTools tools, Liberty liberty) implements CloseableResource {
        @Override
        public void close() {
            liberty.close();
            tools.close();
            model.close();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot().getStore(Namespace.create(OnLiberty.class)).getOrComputeIfAbsent(Running.class, type -> {
            running = start();
            return running;
        });
    }

    static Liberty liberty() {
        return running.liberty();
    }

    static ScriptedModel model() {
        return running.model();
    }

    private static Running start() {
        ScriptedModel model = ScriptedModel.start(Duration.ofMillis(200));
        ScriptedTools tools = ScriptedTools.start();
        Map<String, String> environment = new HashMap<>(Map.of("OPENAI_BASE_URL", model.baseUrl(), "MCP_URL", tools.url()));
        OrdersDatabase.ofThisRun().ifPresent(database -> environment.putAll(database.settings()));
        return new Running(model, tools, Liberty.start(folder(), EXAMPLES, environment));
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target", "liberty")).toAbsolutePath(), "run-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
