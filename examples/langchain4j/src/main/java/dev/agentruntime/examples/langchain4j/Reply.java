package dev.agentruntime.examples.langchain4j;

/** What the model answered. */
public record Reply(String answer) {
}
