package dev.agentruntime.runtime.spi;

/**
 * What an agent answered to a ping, unjudged.
 *
 * @param status HTTP status
 * @param body   the body as text, at most 4 KiB of it
 */
public record PingReply(int status, String body) {}
