package dev.agentruntime.examples.support;

import com.sun.net.httpserver.HttpExchange;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.util.List;

/**
 * An MCP server with streamable HTTP at {@code /mcp} that has one tool, {@code stock}: it says of each item that seven are left, and
 * fails for {@code unicorn}. It pushes nothing, so it answers GET with 405. Thread-safe.
 */
public final class ScriptedTools implements AutoCloseable {

    private static final int ACCEPTED = 202;

    private final JsonServer server = new JsonServer("/mcp", ScriptedTools::answer);

    private ScriptedTools() {
    }

    /** Starts one on a free port of the loopback address. */
    public static ScriptedTools start() {
        return new ScriptedTools();
    }

    /** Where it listens, on the loopback address. */
    public int port() {
        return server.port();
    }

    /** Its endpoint. */
    public String url() {
        return "http://localhost:" + port() + "/mcp";
    }

    /** The requests so far, the oldest first. */
    public List<Heard> heard() {
        return server.heard();
    }

    @Override
    public void close() {
        server.close();
    }

    private static void answer(HttpExchange exchange, JsonObject request) throws IOException {
        if (!request.containsKey("id")) {
            exchange.sendResponseHeaders(ACCEPTED, -1);
            return;
        }
        JsonObject result = switch (request.getString("method")) {
            case "initialize" -> {
                exchange.getResponseHeaders().set("Mcp-Session-Id", "s-1");
                yield Json.createObjectBuilder()
                        .add("protocolVersion", request.getJsonObject("params").getString("protocolVersion"))
                        .add("capabilities", Json.createObjectBuilder().add("tools", Json.createObjectBuilder()))
                        .add("serverInfo", Json.createObjectBuilder().add("name", "scripted").add("version", "1")).build();
            }
            case "tools/list" -> Json.createObjectBuilder().add("tools", Json.createArrayBuilder().add(tool())).build();
            case "tools/call" -> call(request.getJsonObject("params"));
            default -> Json.createObjectBuilder().build();
        };
        JsonServer.send(exchange, Json.createObjectBuilder().add("jsonrpc", "2.0").add("id", request.get("id")).add("result", result).build());
    }

    private static JsonObjectBuilder tool() {
        return Json.createObjectBuilder().add("name", "stock").add("description", "How many of an item are left")
                .add("inputSchema", Json.createObjectBuilder().add("type", "object")
                        .add("properties", Json.createObjectBuilder().add("item", Json.createObjectBuilder().add("type", "string")))
                        .add("required", Json.createArrayBuilder().add("item")));
    }

    private static JsonObject call(JsonObject params) {
        String item = params.getJsonObject("arguments").getString("item");
        boolean unknown = item.equals("unicorn");
        return Json.createObjectBuilder().add("isError", unknown)
                .add("content", Json.createArrayBuilder().add(Json.createObjectBuilder().add("type", "text")
                        .add("text", unknown ? "There is no unicorn" : "7 of " + item + " are left"))).build();
    }
}
