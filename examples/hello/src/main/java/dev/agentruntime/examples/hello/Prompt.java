package dev.agentruntime.examples.hello;

/**
 * What the agent is asked.
 *
 * @param prompt the name to greet; {@code fail} makes the agent throw
 * @param fail   makes the agent throw with this message
 */
public record Prompt(String prompt, String fail) {
}
