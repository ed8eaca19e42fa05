package dev.agentruntime.client;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The server has answered that it does not do what was asked, and why. */
public final class RefusedException extends AgentRuntimeException {

    private static final long serialVersionUID = 1;

    /** Whose fault it is, and of what kind. */
    public enum Kind {
        /** The request itself: something in it is malformed or too large. */
        INVALID,
        /** No credentials, wrong ones, or none for this. */
        CREDENTIALS,
        /** There is no such thing. */
        NOT_FOUND,
        /** Not in its present state: ask again later. */
        CONFLICT,
        /** A quota, or too many requests at once. */
        LIMIT,
        /** The agent. */
        AGENT,
        /** The platform. */
        PLATFORM
    }

    private final int status;
    private final String type;
    private final Optional<String> requestId;
    private final Optional<Duration> retryAfter;
    private final transient JsonObject body;

    RefusedException(int status, Map<String, String> header, JsonObject body) {
        super(message(status, body));
        this.status = status;
        this.type = header.getOrDefault("x-amzn-errortype", "");
        this.requestId = Optional.ofNullable(header.get("x-amzn-requestid"));
        this.retryAfter = Optional.ofNullable(header.get("retry-after")).filter(text -> text.matches("\\d{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
        this.body = body;
    }

    /** The server's sentence, with what it says about single fields behind it. */
    private static String message(int status, JsonObject body) {
        StringBuilder message = new StringBuilder(body.getString("message", body.getString("Message", "The server answered " + status)));
        fields(body).forEach(field -> message.append(message.toString().contains(field) ? "" : "; " + field));
        return message.toString();
    }

    private static List<String> fields(JsonObject body) {
        List<String> fields = new ArrayList<>();
        if (body.get("fieldList") instanceof JsonArray list) {
            list.stream().filter(JsonObject.class::isInstance).map(JsonObject.class::cast)
                    .forEach(field -> fields.add(field.getString("name", "") + " " + field.getString("message", "")));
        }
        return fields;
    }

    /** Of HTTP. */
    public int status() {
        return status;
    }

    /** As the header {@code x-amzn-ErrorType} names it; empty where there was none. */
    public String type() {
        return type;
    }

    /** Under which the server's log has more. */
    public Optional<String> requestId() {
        return requestId;
    }

    /** When to ask again. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }

    /** The status that the agent itself answered with. */
    public OptionalInt agentStatus() {
        return body.containsKey("agentStatus") ? OptionalInt.of(body.getInt("agentStatus", 0)) : OptionalInt.empty();
    }

    /** The last lines of the guest's log, where the server shows them. */
    public List<String> log() {
        return body.get("log") instanceof JsonArray lines
                ? lines.stream().filter(JsonString.class::isInstance).map(line -> ((JsonString) line).getString()).toList() : List.of();
    }

    /** The answer's body as it came; an empty object where it was none. */
    public JsonObject body() {
        return body;
    }

    public Kind kind() {
        return switch (status) {
            case 401, 403 -> Kind.CREDENTIALS;
            case 404 -> Kind.NOT_FOUND;
            case 409 -> Kind.CONFLICT;
            case 402, 429 -> Kind.LIMIT;
            case 424 -> Kind.AGENT;
            default -> signature() ? Kind.CREDENTIALS : status >= 500 ? Kind.PLATFORM : Kind.INVALID;
        };
    }

    private boolean signature() {
        return type.equals("IncompleteSignatureException");
    }
}
