package dev.agentruntime.api;

import java.time.Instant;

/**
 * One line of a session's log.
 *
 * @param number   one higher than the line before it; where it leaps, lines between are no longer kept
 * @param time     when it was written, by the guest's clock; never before the session began or later than it arrived
 * @param source   who wrote it, as the guest says
 * @param severity how bad it is, as the guest says
 * @param text     without control characters, 4,097 characters at most
 */
public record LogLine(long number, Instant time, Source source, Severity severity, String text) {

    /** Who writes lines. */
    public enum Source {
        /** The agent, to System.out. */
        STDOUT,
        /** The agent, to System.err. */
        STDERR,
        /** Whoever logs through the guest's Open Liberty: Liberty itself, and the agent's loggers. */
        MESSAGES,
        /** The guest around it: its supervisor, its Java virtual machine, its console. */
        GUEST,
        /** The platform on the host. */
        PLATFORM
    }

    /** How bad a line is. What is printed to System.err is a WARNING. */
    public enum Severity { INFO, WARNING, ERROR }
}
