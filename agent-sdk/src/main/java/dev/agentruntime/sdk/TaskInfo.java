package dev.agentruntime.sdk;

import java.time.Instant;

/**
 * An open background task.
 *
 * @param name  what it was started as
 * @param since when it was started
 */
public record TaskInfo(String name, Instant since) {
}
