package dev.agentruntime.liberty;

import com.ibm.wsspi.kernel.service.utils.ServerQuiesceListener;
import dev.agentruntime.api.Platform;
import dev.agentruntime.spi.VmDriverProvider;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** The component as a server runs it, and what it has published. */
final class TestServer implements AutoCloseable {

    final List<Platform> published = new CopyOnWriteArrayList<>();
    final List<ServerQuiesceListener> quiesceListeners = new CopyOnWriteArrayList<>();
    final AgentRuntimeComponent component;

    TestServer(VmDriverProvider drivers, Map<String, Object> properties) {
        component = new AgentRuntimeComponent(drivers, bundles(), properties);
    }

    Platform platform() {
        return published.get(0);
    }

    @Override
    public void close() {
        component.deactivate();
    }

    private BundleContext bundles() {
        return fake(BundleContext.class, (method, arguments) -> switch (method) {
            case "registerService" -> register(arguments[1]);
            case "getBundles" -> new Bundle[0];
            default -> this;
        });
    }

    private ServiceRegistration<?> register(Object service) {
        return service instanceof ServerQuiesceListener listener
                ? kept(quiesceListeners, listener) : kept(published, (Platform) service);
    }

    private static <T> ServiceRegistration<?> kept(List<T> services, T service) {
        services.add(service);
        return fake(ServiceRegistration.class, (method, arguments) -> services.remove(service));
    }

    private interface Answer {
        Object to(String method, Object[] arguments);
    }

    private static <T> T fake(Class<T> type, Answer answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            Object value = answer.to(method.getName(), arguments);
            return method.getReturnType() == void.class ? null : value;
        }));
    }
}
