package dev.agentruntime.control;

import dev.agentruntime.api.AgentRuntimeView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A platform whose agents become ready when a test says so, or at once. */
final class FakeHosting implements Hosting {

    private final Map<String, Progress> progress = new ConcurrentHashMap<>();
    private final List<AgentRuntimeView> others = new CopyOnWriteArrayList<>();
    private final Map<String, Throwable> broken = new ConcurrentHashMap<>();
    private volatile Progress otherwise = new Progress.Ready();

    void otherwise(Progress everyOther) {
        otherwise = everyOther;
    }

    void set(String runtime, int version, Progress of) {
        progress.put(AgentName.of(runtime, version), of);
    }

    /** Asking about this runtime fails from now on: with an error or with a runtime exception. */
    void fail(String runtime, Throwable failure) {
        broken.put(runtime, failure);
    }

    void configured(String name) {
        others.add(new AgentRuntimeView(name, AgentRuntimeView.Status.READY, "", List.of(), Optional.of("0123456789ab"),
                Optional.empty(), 0, 0));
    }

    @Override
    public Progress progress(String runtime, int version) {
        Throwable failure = broken.get(runtime);
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        return progress.getOrDefault(AgentName.of(runtime, version), otherwise);
    }

    @Override
    public List<AgentRuntimeView> others() {
        return List.copyOf(others);
    }
}
