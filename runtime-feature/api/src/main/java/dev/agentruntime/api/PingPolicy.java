package dev.agentruntime.api;

import java.time.Duration;

/**
 * How often agents are asked, and how long they may take to answer.
 *
 * @param interval from one round to the next
 * @param timeout  after which an answer counts as failed
 */
public record PingPolicy(Duration interval, Duration timeout) {}
