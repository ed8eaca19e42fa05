package dev.agentruntime.examples.mcp;

import java.util.Map;

/**
 * What to do.
 *
 * @param tool      the tool to call; absent to list them
 * @param arguments what the tool is given; nothing if absent
 */
public record Order(String tool, Map<String, Object> arguments) {
}
