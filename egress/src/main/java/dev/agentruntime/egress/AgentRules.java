package dev.agentruntime.egress;

import dev.agentruntime.net.Permit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What an agent may reach.
 *
 * @param outbounds by name
 */
record AgentRules(String agent, Map<String, Outbound> outbounds, List<AllowRule> allowed) {

    AgentRules {
        outbounds = Map.copyOf(outbounds);
        allowed = List.copyOf(allowed);
    }

    static AgentRules none(String agent) {
        return new AgentRules(agent, Map.of(), List.of());
    }

    /** As whoever runs the server reads it in the log. */
    String text() {
        List<String> names = outbounds.values().stream().map(Outbound::toString).sorted().toList();
        return (names.isEmpty() ? "no outbound" : String.join(", ", names)) + "; through the proxy "
                + (allowed.isEmpty() ? "nothing" : allowed.stream().map(AllowRule::toString).collect(Collectors.joining(", ")));
    }

    Optional<Outbound> outbound(String name) {
        return Optional.ofNullable(outbounds.get(name));
    }

    Optional<Permit> permit(Destination destination) {
        List<AllowRule> rules = allowed.stream().filter(rule -> rule.allows(destination)).toList();
        return rules.isEmpty() ? Optional.empty()
                : Optional.of(Permit.publicAnd(rules.stream().flatMap(rule -> rule.permit().named().stream()).toList()));
    }
}
