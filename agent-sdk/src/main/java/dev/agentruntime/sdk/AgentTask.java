package dev.agentruntime.sdk;

/** An open background task. Thread-safe; belongs to the application, so it may outlive the request that opened it. */
public interface AgentTask extends AutoCloseable {

    /** The name it was started with. */
    String name();

    /** Ends the task. Closing it again changes nothing. */
    @Override
    void close();
}
