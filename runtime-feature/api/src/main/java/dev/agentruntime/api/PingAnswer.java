package dev.agentruntime.api;

/** What came of asking an agent how it is, unjudged. */
public sealed interface PingAnswer {

    /**
     * The agent answered.
     *
     * @param status HTTP status
     * @param body   the body as text, cut at 4 KiB
     */
    record Replied(int status, String body) implements PingAnswer {}

    /**
     * No answer came in time, or none could be asked for.
     *
     * @param why in a sentence, for people
     */
    record Silent(String why) implements PingAnswer {}
}
