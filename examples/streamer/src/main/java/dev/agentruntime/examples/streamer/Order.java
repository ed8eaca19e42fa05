package dev.agentruntime.examples.streamer;

/**
 * What to stream.
 *
 * @param events         how many events; 5 if absent
 * @param intervalMillis the time from one event to the next; 500 if absent
 */
public record Order(Integer events, Long intervalMillis) {
}
