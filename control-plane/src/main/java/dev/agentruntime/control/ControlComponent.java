package dev.agentruntime.control;

import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RoomOperations;
import dev.agentruntime.api.RuntimeAuthorizers;
import dev.agentruntime.api.WorkloadIdentities;
import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Metatype;
import dev.agentruntime.spi.AgentOffers;
import dev.agentruntime.store.Database;
import java.time.Clock;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Serves the control API as the {@code <agentRuntimeControl>} element says, and publishes its operations in JNDI. */
@Component(
        configurationPid = "agentRuntimeControl", configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true,
        service = {}, property = "service.vendor=Agent Runtime")
public final class ControlComponent {

    private static final Logger LOG = Logger.getLogger(ControlComponent.class.getName());
    private static final Metatype METATYPE = Metatype.of(ControlComponent.class);
    private static final Duration LAST_WRITE = Duration.ofSeconds(2);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "agent-runtime-control");
        thread.setDaemon(true);
        return thread;
    });
    private final List<ServiceRegistration<?>> services;
    /** Liberty puts it here where there is a room of identities, and nothing while there is none. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile WorkloadIdentities identities;
    private volatile ControlSettings settings;

    /** Finds again what was made before, and serves. */
    @Activate
    public ControlComponent(@Reference Database database, @Reference Platform platform, BundleContext context,
            Map<String, Object> properties) {
        settings = read(properties);
        ControlPlane plane = new ControlPlane(database, new PlatformHosting(platform), () -> settings, () -> Optional.ofNullable(identities), Clock.systemUTC());
        Hashtable<String, Object> named = new Hashtable<>();
        named.put("osgi.jndi.service.name", RoomOperations.CONTROL_JNDI_NAME);
        services = List.of(
                context.registerService(RoomOperations.class, plane.operations(), named),
                context.registerService(RuntimeAuthorizers.class, plane.authorizers(), new Hashtable<>()),
                context.registerService(AgentOffers.class, plane.offers(), new Hashtable<>()));
        timer.scheduleWithFixedDelay(plane::tick, 0, 1, TimeUnit.SECONDS);
    }

    /** Takes a changed server.xml; directory, region and account stay. */
    @Modified
    void modified(Map<String, Object> properties) {
        settings = read(properties);
    }

    @Deactivate
    void deactivate() {
        services.forEach(ServiceRegistration::unregister);
        timer.shutdown();
        try {
            timer.awaitTermination(LAST_WRITE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        timer.shutdownNow(); // an interrupt in the midst of a write closes H2's file; only a database that hangs is interrupted
    }

    private static ControlSettings read(Map<String, Object> properties) {
        Attributes own = Attributes.of("agentRuntimeControl", properties);
        ControlSettings read = ControlSettings.read(own);
        METATYPE.check(own, "agentRuntimeControl");
        own.problems().forEach(problem -> ControlMessage.CONFIG_PROBLEM.log(LOG, problem));
        ControlMessage.IN_FORCE.log(LOG, read.text());
        return read;
    }
}
