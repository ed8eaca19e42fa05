package dev.agentruntime.refusal;

import java.util.logging.Logger;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Logs that the server serves no agents. Liberty starts this bundle where the platform's features cannot be loaded together with
 * those of the server; the server's own applications run as before.
 */
public final class Refusal implements BundleActivator {

    private static final Logger LOG = Logger.getLogger(Refusal.class.getName());

    /** Creates the activator; OSGi does. */
    public Refusal() {}

    @Override
    public void start(BundleContext context) {
        RefusalMessage.OLDER_FEATURES.log(LOG);
    }

    @Override
    public void stop(BundleContext context) {
        // Nothing was started.
    }
}
