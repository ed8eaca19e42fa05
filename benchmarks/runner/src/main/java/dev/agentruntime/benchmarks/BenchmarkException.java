package dev.agentruntime.benchmarks;

/** Something could not be measured. The message says what and why. */
final class BenchmarkException extends RuntimeException {

    private static final long serialVersionUID = 1;

    BenchmarkException(String message) {
        super(message);
    }

    BenchmarkException(String message, Throwable cause) {
        super(message, cause);
    }
}
