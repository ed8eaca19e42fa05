package dev.agentruntime.control;

/** How many of each there may be, as AgentCore has it. */
final class Limits {
    static final int RUNTIMES = 1000;
    static final int VERSIONS = 1000;
    static final int NEWEST_VERSION = 99_999;
    static final int ENDPOINTS = 10;
    static final int TAGS = 50;

    private Limits() {}
}
