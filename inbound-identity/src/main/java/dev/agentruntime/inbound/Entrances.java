package dev.agentruntime.inbound;

import dev.agentruntime.config.Attributes;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Logger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;

/**
 * Whom each agent runtime lets in, as the {@code <agent>} elements say now, of which the other attributes are other rooms'. It is there
 * only once it has read them. Thread-safe.
 */
@Component(configurationPid = "agentRuntime", configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true, service = Entrances.class,
        property = "service.vendor=Agent Runtime")
public final class Entrances {

    private static final Logger LOG = Logger.getLogger(Entrances.class.getName());

    private volatile Map<String, Entrance> agents = Map.of();
    private volatile String tenantClaim = "tenant";

    /** Reads them. */
    @Activate
    public Entrances(Map<String, Object> properties) {
        modified(properties);
    }

    @Modified
    void modified(Map<String, Object> properties) {
        Attributes runtime = Attributes.of("agentRuntime", properties);
        Map<String, Entrance> now = EntranceReader.agents(runtime);
        Map<String, Entrance> before = agents;
        tenantClaim = runtime.text("tenantClaim", "tenant");
        agents = Map.copyOf(now);
        runtime.problems().forEach(problem -> InboundMessage.CONFIG_PROBLEM.log(LOG, problem));
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(now.keySet());
        names.stream().filter(name -> !before.getOrDefault(name, Entrance.STANDARD).equals(of(name)))
                .forEach(name -> InboundMessage.AUTHORIZER.log(LOG, name, of(name)));
    }

    Entrance of(String agent) {
        return agents.getOrDefault(agent, Entrance.STANDARD);
    }

    /** The claim of a token that names its caller's tenant. */
    String tenantClaim() {
        return tenantClaim;
    }
}
