package dev.agentruntime.examples.worker;

/**
 * What to do.
 *
 * @param seconds how long the job takes; 60 if absent
 * @param status  true to ask for the progress of the latest job instead of starting one
 * @param follow  true for the progress of the latest job as events, once a second, until it ends
 * @param cancel  true to end the latest job
 */
public record Order(Long seconds, Boolean status, Boolean follow, Boolean cancel) {
}
