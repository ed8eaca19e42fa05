package dev.agentruntime.console.fake;

import dev.agentruntime.spi.VmDriverProvider;
import dev.agentruntime.spi.fake.FakeDriver;
import java.util.Hashtable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Gives a real server a hypervisor in memory, whose guests send back what they are sent. */
public final class FakeDriverActivator implements BundleActivator {

    private FakeDriver driver;

    @Override
    public void start(BundleContext context) {
        driver = new FakeDriver();
        context.registerService(VmDriverProvider.class, driver, new Hashtable<>());
    }

    @Override
    public void stop(BundleContext context) {
        driver.close();
    }
}
