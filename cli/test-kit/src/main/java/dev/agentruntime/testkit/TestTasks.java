package dev.agentruntime.testkit;

import dev.agentruntime.sdk.AgentTask;
import dev.agentruntime.sdk.AgentTasks;
import dev.agentruntime.sdk.TaskInfo;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tasks that an agent has open. Thread-safe. */
final class TestTasks implements AgentTasks {

    private final Clock clock;
    private final Map<AgentTask, TaskInfo> open = new LinkedHashMap<>();

    TestTasks(Clock clock) {
        this.clock = clock;
    }

    @Override
    public AgentTask start(String name) {
        AgentTask task = new AgentTask() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void close() {
                end(this);
            }
        };
        synchronized (this) {
            open.put(task, new TaskInfo(name, clock.instant()));
        }
        return task;
    }

    private synchronized void end(AgentTask task) {
        open.remove(task);
    }

    @Override
    public synchronized List<TaskInfo> open() {
        return List.copyOf(open.values());
    }
}
