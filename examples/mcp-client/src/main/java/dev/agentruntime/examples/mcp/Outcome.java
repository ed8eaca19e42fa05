package dev.agentruntime.examples.mcp;

import java.util.List;

/**
 * What came of it.
 *
 * @param tools the server's tools, where none was to be called
 * @param texts what the tool said
 */
public record Outcome(List<String> tools, List<String> texts) {
}
