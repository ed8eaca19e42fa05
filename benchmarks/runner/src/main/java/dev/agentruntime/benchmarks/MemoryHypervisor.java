package dev.agentruntime.benchmarks;

import dev.agentruntime.spi.VmDriverProvider;
import dev.agentruntime.spi.fake.FakeAgent;
import dev.agentruntime.spi.fake.FakeDriver;
import java.util.Hashtable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** In a server, in the place of the bundle that drives libvirt: VMs in memory, whose agents return what they are sent. */
public final class MemoryHypervisor implements BundleActivator {

    /** Made by the server. */
    public MemoryHypervisor() {}

    @Override
    public void start(BundleContext context) {
        FakeDriver driver = new FakeDriver();
        driver.agent(FakeAgent.echo());
        context.registerService(VmDriverProvider.class, driver, new Hashtable<>());
    }

    @Override
    public void stop(BundleContext context) {}
}
