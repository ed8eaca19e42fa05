package dev.agentruntime.examples.springai;

/** What the model answered. */
record Reply(String answer) {
}
