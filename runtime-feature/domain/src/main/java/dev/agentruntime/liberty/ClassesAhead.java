package dev.agentruntime.liberty;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Loads the classes of the platform's bundles on a thread of its own when the server starts. Otherwise the first who asks an agent
 * waits while some hundred of them are looked up, read and verified. What cannot be loaded fails for whoever needs it, as it would have.
 */
final class ClassesAhead implements Runnable {

    /** By symbolic name. What drives the hypervisor is used as soon as agents are made ready. */
    private static final Set<String> BUNDLES = Set.of("agent-runtime-api", "agent-runtime-domain", "agent-runtime-store", "agent-runtime-logs",
            "agent-runtime-accounting", "agent-runtime-requests", "agent-runtime-refusal", "agent-egress", "agent-inbound-identity");
    private static final String ROOT = "/dev/agentruntime";
    private static final String SUFFIX = ".class";
    private static final Logger LOG = Logger.getLogger(ClassesAhead.class.getName());

    private final Collection<BundleWiring> wirings;

    private ClassesAhead(Collection<BundleWiring> wirings) {
        this.wirings = wirings;
    }

    /** Begins, and does not wait for it. A process that has no thread for it goes on without. */
    static void begin(BundleContext context) {
        try {
            Thread thread = new Thread(new ClassesAhead(wirings(context.getBundles())), "agent-runtime-classes");
            thread.setDaemon(true);
            thread.setPriority(Thread.MIN_PRIORITY);
            thread.start();
        } catch (OutOfMemoryError noThread) {
            LOG.log(Level.FINE, "No thread to load classes ahead", noThread);
        }
    }

    private static List<BundleWiring> wirings(Bundle... bundles) {
        return Stream.of(bundles).filter(bundle -> BUNDLES.contains(bundle.getSymbolicName()))
                .flatMap(bundle -> Stream.ofNullable(bundle.adapt(BundleWiring.class))).toList();
    }

    @Override
    public void run() {
        for (BundleWiring wiring : wirings) {
            ClassLoader loader = wiring.getClassLoader();
            if (loader != null) { // its bundle was uninstalled meanwhile
                load(loader, wiring.listResources(ROOT, "*" + SUFFIX, BundleWiring.LISTRESOURCES_RECURSE | BundleWiring.LISTRESOURCES_LOCAL));
            }
        }
    }

    /** Loads what can be of {@code resources}, each the path of a class; returns how many. */
    static int load(ClassLoader loader, Collection<String> resources) {
        int loaded = 0;
        for (String resource : resources) {
            try {
                Class.forName(name(resource), true, loader);
                loaded++;
            } catch (ClassNotFoundException | LinkageError e) {
                LOG.log(Level.FINE, e, () -> resource + " was not loaded ahead");
            }
        }
        return loaded;
    }

    private static String name(String resource) {
        return resource.substring(0, resource.length() - SUFFIX.length()).replace('/', '.');
    }
}
