package dev.agentruntime.agents;

import dev.agentruntime.api.PlatformFailure;
import dev.agentruntime.api.PlatformListener;
import dev.agentruntime.api.PlatformWork;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Writes down what a listener is told. */
final class Events implements PlatformListener {

    final Queue<String> failures = new ConcurrentLinkedQueue<>();
    final Map<PlatformWork, Long> cpuNanos = new ConcurrentHashMap<>();
    final Map<String, Integer> pooled = new ConcurrentHashMap<>();

    @Override
    public void failed(String runtime, PlatformFailure what) {
        failures.add(runtime + " " + what);
    }

    @Override
    public void platformUsed(PlatformWork work, long nanos) {
        cpuNanos.merge(work, nanos, Long::sum);
    }

    @Override
    public void pooled(String runtime, int vms) {
        pooled.put(runtime, vms);
    }
}
