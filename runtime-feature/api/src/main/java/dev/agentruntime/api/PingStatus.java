package dev.agentruntime.api;

/** What a ping meant. AgentCore knows the first two as values; the third is any other answer, or none. */
public enum PingStatus { HEALTHY, HEALTHY_BUSY, FAILED }
