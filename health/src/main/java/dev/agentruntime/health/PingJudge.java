package dev.agentruntime.health;

import dev.agentruntime.api.PingAnswer;
import dev.agentruntime.api.PingStatus;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;

/**
 * Judges a ping's answer as AgentCore does: an agent that answers 200 is alive, whatever its body says, and one whose body
 * is a JSON object with the {@code status} {@code HealthyBusy} has work of its own. Another status and silence have failed.
 * {@code time_of_last_update} may be there and is not read; the platform has a clock.
 */
final class PingJudge {

    private static final int LONGEST_QUOTE = 120;
    private static final int LONGEST_REASON = 300;

    private PingJudge() {}

    static PingStatus judge(PingAnswer answer) {
        if (!(answer instanceof PingAnswer.Replied reply) || reply.status() != 200) {
            return PingStatus.FAILED;
        }
        return saysBusy(reply.body()) ? PingStatus.HEALTHY_BUSY : PingStatus.HEALTHY;
    }

    private static boolean saysBusy(String body) {
        String text = body.startsWith("\uFEFF") ? body.substring(1) : body;
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readValue() instanceof JsonObject object
                    && "HealthyBusy".equals(object.getString("status", ""));
        } catch (RuntimeException | StackOverflowError unreadable) {
            // Not only JsonException: parsers throw others at deep nesting and huge numbers, and some run out of stack.
            return false;
        }
    }

    /** The answer in short, for people. */
    static String quote(PingAnswer answer) {
        return answer instanceof PingAnswer.Replied reply
                ? "HTTP " + reply.status() + " " + Words.inOneLine(reply.body(), LONGEST_QUOTE)
                : Words.inOneLine(((PingAnswer.Silent) answer).why(), LONGEST_REASON);
    }
}
