package dev.agentruntime.examples.springai;

/**
 * What the agent is asked.
 *
 * @param prompt what to ask the model
 * @param stream true for the answer's tokens as events; false if absent
 */
record Question(String prompt, Boolean stream) {
}
