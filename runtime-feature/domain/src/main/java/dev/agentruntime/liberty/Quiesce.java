package dev.agentruntime.liberty;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Hashtable;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/**
 * Has Liberty say when the server begins to stop: before it waits, for half a minute, for requests that are under way. Those of
 * agents may take hours; they end with their sessions. The interface is Liberty's SPI, which no Maven repository offers, so it is
 * looked up by its name.
 */
final class Quiesce {

    private static final Logger LOG = Logger.getLogger(Quiesce.class.getName());
    private static final String LISTENER = "com.ibm.wsspi.kernel.service.utils.ServerQuiesceListener";

    private Quiesce() {}

    /**
     * Runs {@code farewell} when the server begins to stop, on a thread of Liberty's, which waits for it.
     *
     * @return empty where this Liberty has no such listeners
     */
    static Optional<ServiceRegistration<?>> register(BundleContext context, Runnable farewell) {
        try {
            ClassLoader loader = Quiesce.class.getClassLoader();
            Class<?> listener = Class.forName(LISTENER, false, loader);
            Object proxy = Proxy.newProxyInstance(loader, new Class<?>[] {listener},
                    (self, method, arguments) -> called(self, method, arguments, farewell));
            return Optional.of(context.registerService(LISTENER, proxy, new Hashtable<>()));
        } catch (ClassNotFoundException notThere) {
            LOG.log(Level.FINE, notThere, () -> "Liberty says that it stops when it stops its bundles, and not before.");
            return Optional.empty();
        }
    }

    private static Object called(Object self, Method method, Object[] arguments, Runnable farewell) {
        return switch (method.getName()) {
            case "serverStopping" -> {
                farewell.run();
                yield null;
            }
            case "equals" -> self == arguments[0];
            case "hashCode" -> System.identityHashCode(self);
            default -> "Agent Runtime's farewell";
        };
    }
}
