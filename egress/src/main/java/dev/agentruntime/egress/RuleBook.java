package dev.agentruntime.egress;

import dev.agentruntime.spi.SessionStart;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Component;

/** What each agent may reach, as server.xml says now: its own element, and the outbounds that several share. Thread-safe. */
@Component(service = RuleBook.class, immediate = true, property = "service.vendor=Agent Runtime")
public final class RuleBook {

    /**
     * An outbound beside {@code <agentRuntime>}.
     *
     * @param agents those that have it; {@code *} is every agent
     */
    record Shared(Outbound outbound, List<String> agents) {

        boolean isOf(String agent) {
            return agents.contains(EVERY) || agents.contains(agent);
        }

        /** An agent that would have both under one name. */
        Optional<String> clash(Shared other) {
            if (!outbound.name().equals(other.outbound().name())) {
                return Optional.empty();
            }
            return Stream.concat(agents.stream(), other.agents().stream()).filter(agent -> isOf(agent) && other.isOf(agent)).findFirst();
        }
    }

    private static final String EVERY = "*";
    /** Liberty numbers elements in their order in server.xml: outbound_2 comes before outbound_10. */
    private static final Comparator<String> IN_ORDER = Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

    private static final Logger LOG = Logger.getLogger(RuleBook.class.getName());

    private final Map<String, String> told = new TreeMap<>();
    private final Set<String> problems = new HashSet<>();
    private volatile Map<String, AgentRules> agents = Map.of();
    private volatile Map<String, Shared> shared = Map.of();

    /** Made by the server's component runtime. */
    public RuleBook() {}

    synchronized void agents(Map<String, AgentRules> now) {
        agents = Map.copyOf(now);
        tell();
    }

    synchronized void share(String pid, Shared outbound) {
        Map<String, Shared> all = new TreeMap<>(shared);
        all.put(pid, outbound);
        shared = Map.copyOf(all);
        tell();
    }

    synchronized void unshare(String pid) {
        Map<String, Shared> all = new TreeMap<>(shared);
        all.remove(pid);
        shared = Map.copyOf(all);
        tell();
    }

    /** What has changed for an agent since it was told. */
    private void tell() {
        Set<String> names = new TreeSet<>(agents.keySet());
        shared.values().forEach(one -> names.addAll(one.agents()));
        names.addAll(told.keySet());
        for (String agent : names) {
            String now = of(agent).text();
            if (!now.equals(told.getOrDefault(agent, AgentRules.none(agent).text()))) {
                EgressMessage.RULES.log(LOG, agent, now);
            }
            told.put(agent, now);
        }
        tellProblems(names);
    }

    private void tellProblems(Set<String> names) {
        List<Shared> all = sorted();
        Set<String> now = new LinkedHashSet<>();
        for (int later = 1; later < all.size(); later++) {
            for (Shared earlier : all.subList(0, later)) {
                String name = earlier.outbound().name();
                earlier.clash(all.get(later)).ifPresent(agent -> now.add("Two elements <outbound name=\"" + name
                        + "\"> beside <agentRuntime> are for the agent " + agent + ". The first one counts; give the other another name."));
            }
        }
        names.forEach(agent -> leftOut(agent, all).ifPresent(now::add));
        now.stream().filter(problem -> !problems.contains(problem)).forEach(problem -> EgressMessage.CONFIG_PROBLEM.log(LOG, problem));
        problems.clear();
        problems.addAll(now);
    }

    private Optional<String> leftOut(String agent, List<Shared> all) {
        Set<String> has = of(agent).outbounds().keySet();
        List<String> names = all.stream().filter(one -> one.isOf(agent)).map(one -> one.outbound().name()).filter(name -> !has.contains(name)).distinct().toList();
        return names.isEmpty() ? Optional.empty() : Optional.of("The agent " + agent + " has " + SessionStart.MOST_OUTBOUNDS + " outbounds, the most that there can be."
                + " Left out: " + String.join(", ", names) + ". Name this agent in no more elements <outbound> than it needs.");
    }

    /** An agent's own outbound comes before a shared one of its name; of two shared ones, the one that is named first in order; so of too many. */
    AgentRules of(String agent) {
        AgentRules own = agents.getOrDefault(agent, AgentRules.none(agent));
        Map<String, Outbound> outbounds = new LinkedHashMap<>(own.outbounds());
        for (Shared one : sorted()) {
            if (one.isOf(agent) && outbounds.size() < SessionStart.MOST_OUTBOUNDS) {
                outbounds.putIfAbsent(one.outbound().name(), one.outbound());
            }
        }
        return new AgentRules(agent, outbounds, own.allowed());
    }

    private List<Shared> sorted() {
        Map<String, Shared> all = new TreeMap<>(IN_ORDER);
        all.putAll(shared);
        return new ArrayList<>(all.values());
    }
}
