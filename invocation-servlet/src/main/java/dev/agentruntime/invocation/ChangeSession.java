package dev.agentruntime.invocation;

import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.invocation.Operation.Call;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.stream.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;

/** Changes how long one session may be idle. */
final class ChangeSession implements Operation.Handler {

    /** As AgentCore's models have it. */
    static final int LONGEST_SECONDS = 1_209_600;

    private static final String MEMBER = "idleRuntimeSessionTimeout";
    private static final int MOST_BYTES = 4096;

    private final Platform platform;
    private final Costs costs;

    ChangeSession(Platform platform, Costs costs) {
        this.platform = platform;
        this.costs = costs;
    }

    @Override
    public void serve(Call call) throws IOException {
        byte[] body = call.body().readNBytes(MOST_BYTES + 1);
        if (body.length > MOST_BYTES) {
            throw new RequestException(Kind.VALIDATION, "The body has more than " + MOST_BYTES + " bytes");
        }
        Answers.json(call.response(), Views.session(
                platform.changeIdleTimeout(call.path("runtime"), call.path("session"), call.caller(), timeout(body)), costs));
    }

    private static Duration timeout(byte[] body) {
        JsonObject given = object(body);
        if (given.keySet().stream().anyMatch(name -> !name.equals(MEMBER))) {
            throw wrong("nothing of a session can be changed but " + MEMBER);
        }
        if (!(given.get(MEMBER) instanceof JsonNumber number) || !isBetween(number.bigDecimalValue())) {
            throw wrong(MEMBER + " must be a whole number of seconds from 1 to " + LONGEST_SECONDS);
        }
        return Duration.ofSeconds(number.intValue());
    }

    private static boolean isBetween(BigDecimal given) {
        return given.compareTo(BigDecimal.ONE) >= 0 && given.compareTo(BigDecimal.valueOf(LONGEST_SECONDS)) <= 0
                && given.remainder(BigDecimal.ONE).signum() == 0;
    }

    private static JsonObject object(byte[] body) {
        try (JsonParser parser = Json.createParser(new ByteArrayInputStream(body))) {
            parser.next();
            JsonObject object = parser.getObject();
            parser.hasNext(); // throws where something follows
            return object;
        } catch (RuntimeException notJson) {
            // Parsers throw more than JsonException: at numbers that are too large, at values that are nested too deeply.
            throw wrong("the body must be a JSON object such as {\"" + MEMBER + "\": 900}");
        }
    }

    private static RequestException wrong(String why) {
        return new RequestException(Kind.VALIDATION, "The session was not changed: " + why);
    }
}
