package dev.agentruntime.sdk;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The open tasks of one application, and what its ping says because of them. Thread-safe. */
final class TaskRegistry implements AgentTasks {

    private final Clock clock;
    private final Map<AgentTask, TaskInfo> open = new LinkedHashMap<>();
    private Instant changed;

    TaskRegistry(Clock clock) {
        this.clock = clock;
        this.changed = clock.instant();
    }

    @Override
    public AgentTask start(String name) {
        OpenTask task = new OpenTask(Objects.requireNonNull(name, "The task needs a name"));
        synchronized (this) {
            Instant now = clock.instant();
            if (open.isEmpty()) {
                changed = now;
            }
            open.put(task, new TaskInfo(name, now));
        }
        return task;
    }

    @Override
    public synchronized List<TaskInfo> open() {
        return List.copyOf(open.values());
    }

    /** The body of the answer to a ping. Its time is when the status last changed, in whole seconds. */
    synchronized String ping() {
        return "{\"status\":\"" + (open.isEmpty() ? "Healthy" : "HealthyBusy")
                + "\",\"time_of_last_update\":" + changed.getEpochSecond() + "}";
    }

    private synchronized void end(OpenTask task) {
        if (open.remove(task) != null && open.isEmpty()) {
            changed = clock.instant();
        }
    }

    private final class OpenTask implements AgentTask {

        private final String name;

        OpenTask(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void close() {
            end(this);
        }
    }
}
