package dev.agentruntime.egress;

import dev.agentruntime.config.Attributes;
import java.util.Map;
import java.util.logging.Logger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;

/** Reads {@code <outbound>} and {@code <allow>} in the {@code <agent>} elements, of which the other attributes are other rooms'. */
@Component(configurationPid = "agentRuntime", configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true, service = {})
public final class AgentElements {

    private static final Logger LOG = Logger.getLogger(AgentElements.class.getName());

    private final RuleBook rules;

    /** Reads them. */
    @Activate
    public AgentElements(@Reference RuleBook rules, Map<String, Object> properties) {
        this.rules = rules;
        modified(properties);
    }

    @Modified
    void modified(Map<String, Object> properties) {
        Attributes runtime = Attributes.of("agentRuntime", properties);
        rules.agents(RuleReader.agents(runtime));
        runtime.problems().forEach(problem -> EgressMessage.CONFIG_PROBLEM.log(LOG, problem));
    }
}
