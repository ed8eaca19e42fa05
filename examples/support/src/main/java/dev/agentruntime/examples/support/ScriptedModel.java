package dev.agentruntime.examples.support;

import com.sun.net.httpserver.HttpExchange;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A server that speaks as much of OpenAI's chat completions as the examples need, and whose answers follow from the request: where it
 * offers tools and none has been called since the user spoke, the first tool is called, each of its arguments being the last word of
 * what the user said; where a tool's result is there, the answer is {@code It says: <result>}; else {@code You said: <text>}. With
 * {@code "stream": true} the answer comes word by word. Thread-safe.
 */
public final class ScriptedModel implements AutoCloseable {

    private final Duration pause;
    private final JsonServer server;

    private ScriptedModel(Duration pause) {
        this.pause = pause;
        this.server = new JsonServer("/v1/chat/completions", this::answer);
    }

    /** @param pause the time between two words of a streamed answer */
    public static ScriptedModel start(Duration pause) {
        return new ScriptedModel(pause);
    }

    /** Where it listens, on the loopback address. */
    public int port() {
        return server.port();
    }

    /** What a client is given as its base URL. */
    public String baseUrl() {
        return "http://localhost:" + port() + "/v1";
    }

    /** The requests so far, the oldest first. */
    public List<Heard> heard() {
        return server.heard();
    }

    @Override
    public void close() {
        server.close();
    }

    private void answer(HttpExchange exchange, JsonObject request) throws IOException {
        JsonObject message = reply(request);
        if (request.getBoolean("stream", false)) {
            stream(exchange, message);
        } else {
            boolean calls = message.containsKey("tool_calls");
            JsonServer.send(exchange, envelope("chat.completion")
                    .add("choices", Json.createArrayBuilder().add(Json.createObjectBuilder().add("index", 0)
                            .add("message", message).add("finish_reason", calls ? "tool_calls" : "stop")))
                    .add("usage", Json.createObjectBuilder().add("prompt_tokens", 1).add("completion_tokens", 1).add("total_tokens", 2))
                    .build());
        }
    }

    private static JsonObject reply(JsonObject request) {
        JsonArray messages = request.getJsonArray("messages");
        JsonObject last = messages.getJsonObject(messages.size() - 1);
        String text = text(last.get("content"));
        JsonObjectBuilder reply = Json.createObjectBuilder().add("role", "assistant");
        if (last.getString("role").equals("tool")) {
            return reply.add("content", "It says: " + text).build();
        }
        if (!request.containsKey("tools")) {
            return reply.add("content", "You said: " + text).build();
        }
        JsonObject function = request.getJsonArray("tools").getJsonObject(0).getJsonObject("function");
        JsonObjectBuilder arguments = Json.createObjectBuilder();
        function.getJsonObject("parameters").getJsonObject("properties").keySet().forEach(name -> arguments.add(name, lastWord(text)));
        return reply.add("content", JsonValue.NULL).add("tool_calls", Json.createArrayBuilder().add(Json.createObjectBuilder()
                .add("index", 0).add("id", "call_1").add("type", "function")
                .add("function", Json.createObjectBuilder().add("name", function.getString("name"))
                        .add("arguments", arguments.build().toString())))).build();
    }

    private void stream(HttpExchange exchange, JsonObject message) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            if (message.containsKey("tool_calls")) {
                event(out, chunk(message, false, "tool_calls"));
            } else {
                event(out, chunk(Json.createObjectBuilder().add("role", "assistant").add("content", "").build(), true, ""));
                // each word with the blank before it, as tokens come
                for (String word : message.getString("content").split("(?= )")) {
                    event(out, chunk(Json.createObjectBuilder().add("content", word).build(), true, ""));
                    LockSupport.parkNanos(pause.toNanos());
                }
                event(out, chunk(JsonValue.EMPTY_JSON_OBJECT, false, "stop"));
            }
            out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void event(OutputStream out, JsonObject chunk) throws IOException {
        out.write(("data: " + chunk + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static JsonObject chunk(JsonObject delta, boolean goesOn, String finishReason) {
        JsonObjectBuilder choice = Json.createObjectBuilder().add("index", 0).add("delta", delta);
        if (goesOn) {
            choice.addNull("finish_reason");
        } else {
            choice.add("finish_reason", finishReason);
        }
        return envelope("chat.completion.chunk").add("choices", Json.createArrayBuilder().add(choice)).build();
    }

    private static JsonObjectBuilder envelope(String object) {
        return Json.createObjectBuilder().add("id", "chatcmpl-1").add("object", object).add("created", 1767225600).add("model", "scripted");
    }

    /** A content is a text, or a list of parts of which some are texts. */
    private static String text(JsonValue content) {
        return switch (content.getValueType()) {
            case STRING -> ((jakarta.json.JsonString) content).getString();
            case ARRAY -> String.join("", content.asJsonArray().getValuesAs(JsonObject.class).stream()
                    .map(part -> part.getString("text", "")).toList());
            default -> "";
        };
    }

    private static String lastWord(String text) {
        String[] words = text.split("[^\\p{L}\\p{N}]+");
        return words.length == 0 ? "" : words[words.length - 1];
    }
}
