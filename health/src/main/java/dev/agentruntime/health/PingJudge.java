package dev.agentruntime.health;

import dev.agentruntime.runtime.PingStatus;
import dev.agentruntime.runtime.spi.PingReply;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;

/**
 * Reads a ping's answer as AgentCore's contract has it: status 200 and a JSON object whose {@code status} is
 * {@code Healthy} or {@code HealthyBusy}. Anything else has failed, a 200 without JSON too: the same rule by which an agent
 * is found ready when it is deployed. {@code time_of_last_update} may be there and is not read; the platform has a clock.
 */
final class PingJudge {

    private PingJudge() {}

    static PingStatus judge(PingReply reply) {
        if (reply.status() != 200) {
            return PingStatus.FAILED;
        }
        try (JsonReader reader = Json.createReader(new StringReader(reply.body()))) {
            return reader.readValue() instanceof JsonObject body ? status(body) : PingStatus.FAILED;
        } catch (JsonException notJson) {
            return PingStatus.FAILED;
        }
    }

    private static PingStatus status(JsonObject body) {
        return switch (body.getString("status", "")) {
            case "Healthy" -> PingStatus.HEALTHY;
            case "HealthyBusy" -> PingStatus.HEALTHY_BUSY;
            default -> PingStatus.FAILED;
        };
    }
}
