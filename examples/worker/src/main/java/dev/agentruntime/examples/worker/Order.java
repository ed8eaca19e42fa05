package dev.agentruntime.examples.worker;

/**
 * What to do.
 *
 * @param seconds how long the job takes; 60 if absent
 * @param status  true to ask for the progress of the latest job instead of starting one
 */
public record Order(Long seconds, Boolean status) {
}
