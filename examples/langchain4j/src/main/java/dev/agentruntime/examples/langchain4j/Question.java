package dev.agentruntime.examples.langchain4j;

/**
 * What the agent is asked.
 *
 * @param prompt what to ask the model
 * @param stream true for the answer's tokens as events; false if absent
 */
public record Question(String prompt, Boolean stream) {
}
