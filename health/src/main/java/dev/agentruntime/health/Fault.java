package dev.agentruntime.health;

/**
 * Why a check is DOWN.
 *
 * @param reason what was seen, in a sentence
 * @param action what to do about it, in sentences
 */
record Fault(String reason, String action) {}
