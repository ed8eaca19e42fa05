package dev.agentruntime.invocation.fake;

import dev.agentruntime.runtime.AgentRuntimes;
import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Puts the fake platform where the real one would be; the agent's port is in the environment. */
public final class FakeActivator implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("osgi.jndi.service.name", AgentRuntimes.JNDI_NAME);
        int port = Integer.parseInt(System.getenv("FAKE_AGENT_PORT"));
        context.registerService(AgentRuntimes.class, new FakeRuntimes(port), properties);
    }

    @Override
    public void stop(BundleContext context) {}
}
