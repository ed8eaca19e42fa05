package dev.agentruntime.egress;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.net.Texts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;

/** One {@code <outbound agents="…">} beside {@code <agentRuntime>}. */
@Component(configurationPid = "outbound", configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true, service = {})
public final class SharedOutbound {

    private static final Logger LOG = Logger.getLogger(SharedOutbound.class.getName());

    private static final Pattern AGENT = Pattern.compile("\\*|[A-Za-z][A-Za-z0-9_-]{0,47}");

    private final RuleBook rules;
    private final String pid;

    /** Shares it. */
    @Activate
    public SharedOutbound(@Reference RuleBook rules, Map<String, Object> properties) {
        this.rules = rules;
        this.pid = String.valueOf(properties.get("service.pid"));
        modified(properties);
    }

    @Modified
    void modified(Map<String, Object> properties) {
        // While a server starts, Liberty may take an element inside <agent> for one of these.
        if (properties.containsKey("config.parentPID")) {
            return;
        }
        Attributes element = Attributes.of("outbound", properties);
        List<String> agents = Texts.list(element.text("agents", ""));
        if (agents.isEmpty()) {
            element.problem("The element <outbound name=\"" + element.text("name", "") + "\"> beside <agentRuntime> names no agents, so none has it."
                    + " Write agents=\"NAME, NAME\" or agents=\"*\", or move it into an <agent>.");
        }
        agents.stream().filter(agent -> !AGENT.matcher(agent).matches()).forEach(agent -> element.problem("The attribute agents of <outbound name=\""
                + element.text("name", "") + "\"> has '" + agent + "', which no agent is called. Write names of agents with commas in between, or *."));
        Optional<Outbound> outbound = RuleReader.outbound(element, RuleReader.OF_A_SHARED_OUTBOUND);
        outbound.ifPresentOrElse(one -> rules.share(pid, new RuleBook.Shared(one, agents)), () -> rules.unshare(pid));
        element.problems().forEach(problem -> EgressMessage.CONFIG_PROBLEM.log(LOG, problem));
    }

    @Deactivate
    void deactivate() {
        rules.unshare(pid);
    }
}
