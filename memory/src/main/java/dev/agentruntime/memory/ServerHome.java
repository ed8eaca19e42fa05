package dev.agentruntime.memory;

import dev.agentruntime.config.Attributes;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** Where this server's memories are, as {@code <agentRuntimeControl>} says, which is the control plane's and checked there. Thread-safe. */
@Component(configurationPid = "agentRuntimeControl", configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true, service = ServerHome.class,
        property = "service.vendor=Agent Runtime")
public final class ServerHome {

    private final Arns arns;

    /** Reads region and account, which change with a restart only. */
    @Activate
    public ServerHome(Map<String, Object> properties) {
        Attributes control = Attributes.of("agentRuntimeControl", properties);
        arns = new Arns(control.text("region", "local"), control.text("accountId", "000000000000"));
    }

    Arns arns() {
        return arns;
    }
}
