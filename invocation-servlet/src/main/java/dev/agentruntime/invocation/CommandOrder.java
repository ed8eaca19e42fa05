package dev.agentruntime.invocation;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A command as a caller asks for it.
 *
 * @param command for a shell
 * @param timeout how long it may take
 */
record CommandOrder(String command, Duration timeout) {

    private static final int MOST_CHARACTERS = 65_536;
    /** Each character may be written with six. */
    private static final int MOST_BYTES = 6 * MOST_CHARACTERS + 4096;
    private static final int STANDARD_SECONDS = 300;
    private static final int MOST_SECONDS = 3600;

    /**
     * Blocks until all of it is there.
     *
     * @throws RequestException it is none: of kind VALIDATION
     */
    static CommandOrder read(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw refused("The body has more than " + MOST_BYTES + " bytes");
        }
        JsonObject order = object(bytes);
        if (!(order.get("command") instanceof JsonString command)) {
            throw refused("The body must have the text 'command'");
        }
        String text = command.getString();
        if (text.isEmpty() || text.length() > MOST_CHARACTERS) {
            throw refused("'command' must have 1 to " + MOST_CHARACTERS + " characters");
        }
        if (text.indexOf('\0') >= 0) {
            throw refused("'command' must not have a character that is zero");
        }
        return new CommandOrder(text, timeout(order));
    }

    private static Duration timeout(JsonObject order) {
        JsonValue given = order.get("timeout");
        if (given == null || given == JsonValue.NULL) {
            return Duration.ofSeconds(STANDARD_SECONDS);
        }
        double seconds = given instanceof JsonNumber number ? value(number) : 0;
        if (seconds != Math.rint(seconds) || seconds < 1 || seconds > MOST_SECONDS) {
            throw refused("'timeout' must be a whole number of seconds, 1 to " + MOST_SECONDS);
        }
        return Duration.ofSeconds((long) seconds);
    }

    /** Not a number where its exponent is beyond what a parser takes. */
    private static double value(JsonNumber number) {
        try {
            return number.doubleValue();
        } catch (NumberFormatException tooLarge) {
            return Double.NaN;
        }
    }

    private static JsonObject object(byte[] bytes) {
        try (JsonReader reader = Json.createReader(new ByteArrayInputStream(bytes))) {
            if (reader.readValue() instanceof JsonObject json) {
                return json;
            }
        } catch (RuntimeException notJson) {
            // Parsers throw more than JsonException: at numbers that are too large, at values that are nested too deeply.
        }
        throw refused("The body must be a JSON object such as {\"command\": \"ls -l\", \"timeout\": 60}");
    }

    private static RequestException refused(String why) {
        return new RequestException(Kind.VALIDATION, why);
    }

    /** As the guest takes it. */
    byte[] encoded() {
        byte[] text = command.getBytes(StandardCharsets.UTF_8);
        byte[] line = (timeout.toMillis() + " " + text.length + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[line.length + text.length];
        System.arraycopy(line, 0, all, 0, line.length);
        System.arraycopy(text, 0, all, line.length, text.length);
        return all;
    }
}
