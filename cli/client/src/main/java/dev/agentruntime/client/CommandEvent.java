package dev.agentruntime.client;

/** What a command in a session's VM says, and how it ends. */
public sealed interface CommandEvent {

    /** A piece of what it writes to its output. A line may come in parts. */
    record Output(String text) implements CommandEvent {}

    /** A piece of what it writes to its errors. */
    record Errors(String text) implements CommandEvent {}

    /**
     * The last.
     *
     * @param exitCode of the command, 137 where its time was up
     * @param timedOut whether it was killed, since its time was up
     */
    record Ended(int exitCode, boolean timedOut) implements CommandEvent {}
}
