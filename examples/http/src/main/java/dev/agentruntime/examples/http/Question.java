package dev.agentruntime.examples.http;

/**
 * What the agent is asked.
 *
 * @param prompt what to ask the model
 */
public record Question(String prompt) {
}
