package dev.agentruntime.agents;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.spi.AgentOffers;
import dev.agentruntime.spi.AgentPaths;
import dev.agentruntime.spi.OfferedAgent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A room that offers what a test says. */
public final class FakeOffers implements AgentOffers {

    private final Map<String, OfferedAgent> offered = new TreeMap<>();
    private final Map<String, Map<String, String>> endpoints = new TreeMap<>();
    private final Map<String, String> names = new TreeMap<>();
    private final Set<String> failed = new TreeSet<>();
    private boolean known = true;
    private Runnable next = () -> {};

    /** Offers a version. */
    public synchronized void offer(String agent, Path war) {
        offer(agent, war, Map.of());
    }

    /** Offers a version whose sessions begin with variables. */
    public synchronized void offer(String agent, Path war, Map<String, String> environment) {
        offered.put(agent, new OfferedAgent(
                agent, war, 1L << 30, AgentPaths.STANDARD, true, Set.of("x-team"), Duration.ofMinutes(5), Duration.ofHours(2), environment));
    }

    /** Has callers mean a runtime by another name. */
    public synchronized void call(String other, String runtime) {
        names.put(other, runtime);
    }

    /** Offers a version no more. */
    public synchronized void withdraw(String agent) {
        offered.remove(agent);
    }

    /** Leads an endpoint of a runtime to a version. */
    public synchronized void lead(String runtime, String endpoint, String agent) {
        endpoints.computeIfAbsent(runtime, name -> new TreeMap<>()).put(endpoint, agent);
    }

    /** Has nothing serve under any endpoint of a runtime. */
    public synchronized void fail(String runtime) {
        failed.add(runtime);
    }

    /** Has something happen once, right after the next question which version serves. */
    public synchronized void afterTheNextQuestion(Runnable happens) {
        next = happens;
    }

    synchronized void forget() {
        known = false;
    }

    @Override
    public synchronized Optional<List<OfferedAgent>> offered() {
        return known ? Optional.of(List.copyOf(offered.values())) : Optional.empty();
    }

    @Override
    public Optional<String> serving(String runtime, String qualifier) {
        Optional<String> answer = leads(runtime, qualifier);
        happening().run();
        return answer;
    }

    private synchronized Runnable happening() {
        Runnable happens = next;
        next = () -> {};
        return happens;
    }

    private synchronized Optional<String> leads(String runtime, String qualifier) {
        if (failed.contains(runtime)) {
            throw new RequestException(RequestException.Kind.AGENT, "nothing serves");
        }
        return Optional.ofNullable(endpoints.get(runtime)).map(all -> Optional.ofNullable(
                all.get(qualifier.isEmpty() ? "DEFAULT" : qualifier)).orElseThrow(
                () -> new RequestException(RequestException.Kind.NOT_FOUND, "no endpoint " + qualifier)));
    }

    @Override
    public synchronized Optional<String> meant(String given) {
        return Optional.ofNullable(names.get(given));
    }
}
