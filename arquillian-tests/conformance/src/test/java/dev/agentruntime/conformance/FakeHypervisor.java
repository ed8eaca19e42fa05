package dev.agentruntime.conformance;

import dev.agentruntime.spi.VmDriverProvider;
import dev.agentruntime.spi.fake.FakeDriver;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** In the place of the bundle that drives libvirt: VMs in memory, whose agents return what they are sent and say who sent it. */
public final class FakeHypervisor implements BundleActivator {

    /** Made by the server. */
    public FakeHypervisor() {}

    @Override
    public void start(BundleContext context) {
        FakeDriver driver = new FakeDriver();
        driver.agent((request, response) -> response.send(200, Map.of(
                "Content-Type", request.headers().getOrDefault("content-type", "text/plain"),
                "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Caller", request.headers().get("x-agent-runtime-caller-subject"),
                "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Token", String.valueOf(request.headers().containsKey("authorization"))), request.body()));
        context.registerService(VmDriverProvider.class, driver, new Hashtable<>());
    }

    @Override
    public void stop(BundleContext context) {}
}
