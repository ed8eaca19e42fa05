package dev.agentruntime.examples.mcp;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The tools of one MCP server. Connects at the first use, and anew after a failure, so that nothing is open when the agent is saved.
 * Thread-safe; one call at a time.
 */
final class Tools implements AutoCloseable {

    // The first use in a session loads most of the client; on a slow machine that alone takes longer than the client's own 20 s.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final URI server;
    private Optional<McpSyncClient> connected = Optional.empty();

    Tools(URI server) {
        this.server = server;
    }

    List<String> names() {
        return with(client -> client.listTools().tools().stream().map(Tool::name).toList());
    }

    /** @throws IllegalStateException the tool says that it failed */
    List<String> call(String tool, Map<String, Object> arguments) {
        CallToolResult result = with(client -> client.callTool(CallToolRequest.builder(tool).arguments(arguments).build()));
        List<String> texts = result.content().stream().filter(TextContent.class::isInstance)
                .map(content -> ((TextContent) content).text()).toList();
        if (Boolean.TRUE.equals(result.isError())) {
            throw new IllegalStateException("The tool " + tool + " failed: " + String.join(" ", texts));
        }
        return texts;
    }

    @Override
    public synchronized void close() {
        connected.ifPresent(McpSyncClient::close);
        connected = Optional.empty();
    }

    private synchronized <T> T with(Function<McpSyncClient, T> use) {
        McpSyncClient client = connected.orElseGet(this::connect);
        try {
            return use.apply(client);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private McpSyncClient connect() {
        McpSyncClient client = McpClient.sync(HttpClientStreamableHttpTransport
                        .builder(server.getScheme() + "://" + server.getAuthority()).endpoint(server.getPath()).build())
                .initializationTimeout(PATIENCE).requestTimeout(PATIENCE).build();
        connected = Optional.of(client);
        client.initialize();
        return client;
    }
}
