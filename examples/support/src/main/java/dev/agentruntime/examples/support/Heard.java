package dev.agentruntime.examples.support;

import jakarta.json.JsonObject;
import java.util.Optional;

/**
 * A request that a scripted server received.
 *
 * @param path          the path it was sent to
 * @param authorization the header of that name
 * @param body          the body
 */
public record Heard(String path, Optional<String> authorization, JsonObject body) {
}
