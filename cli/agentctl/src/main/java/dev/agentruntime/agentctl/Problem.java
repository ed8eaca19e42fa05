package dev.agentruntime.agentctl;

/** What a command ends with that is not done: a sentence, and what to do about it. */
final class Problem extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final ExitCode exitCode;

    Problem(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    Problem(ExitCode exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    ExitCode exitCode() {
        return exitCode;
    }
}
