package dev.agentruntime.examples.mcp;

import dev.agentruntime.sdk.AgentEntrypoint;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Calls a tool of an MCP server, or lists them. */
@ApplicationScoped
public class ToolUser {

    @Inject
    @ConfigProperty(name = "mcp.url", defaultValue = "http://tools.outbound/mcp")
    private URI server;

    private Tools tools;

    @PostConstruct
    void prepare() {
        tools = new Tools(server);
    }

    @PreDestroy
    void disconnect() {
        tools.close();
    }

    @AgentEntrypoint
    public Outcome invoke(Order order) {
        if (order.tool() == null) {
            return new Outcome(tools.names(), List.of());
        }
        return new Outcome(List.of(), tools.call(order.tool(), order.arguments() == null ? Map.of() : order.arguments()));
    }
}
