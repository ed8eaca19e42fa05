package dev.agentruntime.examples.http;

/** What the model answered. */
public record Reply(String answer) {
}
