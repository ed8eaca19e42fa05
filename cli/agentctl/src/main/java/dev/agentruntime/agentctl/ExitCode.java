package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeException;
import dev.agentruntime.client.BrokenOffException;
import dev.agentruntime.client.EmptyNameException;
import dev.agentruntime.client.RefusedException;
import dev.agentruntime.client.UnexpectedAnswerException;
import dev.agentruntime.client.UnreachableException;

/** What a script learns of a command's end. */
enum ExitCode {
    OK(0, "done"),
    FAULT(1, "agentctl itself failed, or could not read or write a file"),
    USAGE(2, "the command line is wrong"),
    UNREACHABLE(3, "the server did not answer, or what answered is not this product"),
    CREDENTIALS(4, "not logged in, or not allowed to do this"),
    NOT_FOUND(5, "no such agent, version, endpoint or session, or whatever else was named"),
    CONFLICT(6, "not in its present state; try again later"),
    LIMIT(7, "a quota is used up, or too many requests came at once"),
    AGENT(8, "the agent failed, or its version could not be prepared"),
    PLATFORM(9, "the server failed; its log has more, under the request's id"),
    BROKEN_OFF(10, "an answer began and broke off"),
    ABSENT(11, "the server does not have this, or not the feature that it comes with"),
    INVALID(12, "the server, or `validate`, found a mistake in what it was given"),
    LATE(13, "it was not ready in time; the work goes on"),
    FINDINGS(14, "`doctor` found something that is in the way"),
    INTERRUPTED(130, "ended by Ctrl-C");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    int code() {
        return code;
    }

    /** For the manual. */
    String meaning() {
        return meaning;
    }

    static ExitCode of(Throwable failure) {
        if (failure instanceof Problem problem) {
            return problem.exitCode();
        }
        if (!(failure instanceof AgentRuntimeException)) {
            return FAULT;
        }
        if (failure instanceof RefusedException refused) {
            return switch (refused.kind()) {
                case INVALID -> INVALID;
                case CREDENTIALS -> CREDENTIALS;
                case NOT_FOUND -> NOT_FOUND;
                case CONFLICT -> CONFLICT;
                case LIMIT -> LIMIT;
                case AGENT -> AGENT;
                case PLATFORM -> PLATFORM;
            };
        }
        if (failure instanceof EmptyNameException) {
            return USAGE;
        }
        return failure instanceof BrokenOffException ? BROKEN_OFF
                : failure instanceof UnreachableException || failure instanceof UnexpectedAnswerException ? UNREACHABLE : FAULT;
    }
}
