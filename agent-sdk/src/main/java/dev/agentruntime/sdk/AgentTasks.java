package dev.agentruntime.sdk;

import java.util.List;

/**
 * Work that goes on after its request has been answered. While any task is open {@code GET /ping} says
 * {@code HealthyBusy}, and the platform keeps the session alive up to its maximum lifetime. Thread-safe.
 */
public interface AgentTasks {

    /** Opens a task. Whoever does the work closes it, in a {@code finally} or by try-with-resources. */
    AgentTask start(String name);

    /** The open tasks, oldest first, as of now. */
    List<TaskInfo> open();
}
