package dev.agentruntime.examples.streamer;

/**
 * One event.
 *
 * @param number its number in the stream, from 1
 * @param madeAt when it was made, as an ISO instant
 */
public record Event(int number, String madeAt) {
}
