package dev.agentruntime.identity;

import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RoomOperations;
import dev.agentruntime.api.SessionTokens;
import dev.agentruntime.api.WorkloadIdentities;
import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Metatype;
import dev.agentruntime.spi.AgentOffers;
import dev.agentruntime.spi.GuestService;
import dev.agentruntime.spi.OutboundCredentials;
import dev.agentruntime.spi.SessionRoom;
import dev.agentruntime.store.Database;
import java.time.Clock;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
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

/** Serves identities as the {@code <agentRuntimeIdentity>} element says, and publishes their operations in JNDI. */
@Component(
        configurationPid = "agentRuntimeIdentity", configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true,
        service = {}, property = "service.vendor=Agent Runtime")
public final class IdentityComponent {

    private static final Logger LOG = Logger.getLogger(IdentityComponent.class.getName());
    private static final Metatype METATYPE = Metatype.of(IdentityComponent.class);
    private static final Duration LAST_WRITE = Duration.ofSeconds(2);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "agent-runtime-identity");
        thread.setDaemon(true);
        return thread;
    });
    private final List<AgentOffers> offers = new CopyOnWriteArrayList<>();
    private final IdentityRoom room;
    private final List<ServiceRegistration<?>> services;
    private volatile IdentitySettings settings;

    /** Finds again what was made before, and serves. */
    @Activate
    public IdentityComponent(@Reference Database database, @Reference Platform platform, @Reference ConfiguredProviders configured,
            @Reference ServerHome home, BundleContext context, Map<String, Object> properties) {
        settings = read(properties);
        room = new IdentityRoom(database, new PlatformRuntimes(platform, () -> offers), () -> settings, configured, home::arns, platform::credentialRead, Clock.systemUTC());
        Hashtable<String, Object> named = new Hashtable<>();
        named.put("osgi.jndi.service.name", RoomOperations.IDENTITY_JNDI_NAME);
        Hashtable<String, Object> tokens = new Hashtable<>();
        tokens.put("osgi.jndi.service.name", SessionTokens.JNDI_NAME);
        WorkloadIdentities identities = runtime -> home.arns().workload(runtime);
        services = List.of(
                context.registerService(RoomOperations.class, room.operations(), named),
                context.registerService(SessionTokens.class, room.sessions(), tokens),
                context.registerService(SessionRoom.class, room.sessions(), new Hashtable<>()),
                context.registerService(GuestService.class, room.guests(), new Hashtable<>()),
                context.registerService(OutboundCredentials.class, room.outbounds(), new Hashtable<>()),
                context.registerService(WorkloadIdentities.class, identities, new Hashtable<>()));
        timer.scheduleWithFixedDelay(room::tick, 0, 1, TimeUnit.SECONDS);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void add(AgentOffers room) {
        offers.add(room);
    }

    void remove(AgentOffers room) {
        offers.remove(room);
    }

    /** Takes a changed server.xml, and reads keys anew. */
    @Modified
    void modified(Map<String, Object> properties) {
        settings = read(properties);
    }

    @Deactivate
    void deactivate() {
        services.forEach(ServiceRegistration::unregister);
        room.close();
        timer.shutdown();
        try {
            timer.awaitTermination(LAST_WRITE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        timer.shutdownNow(); // an interrupt in the midst of a write closes H2's file; only a database that hangs is interrupted
    }

    private static IdentitySettings read(Map<String, Object> properties) {
        Attributes own = Attributes.of("agentRuntimeIdentity", properties);
        IdentitySettings read = IdentitySettings.read(own);
        METATYPE.check(own, "agentRuntimeIdentity");
        own.problems().forEach(problem -> IdentityMessage.CONFIG_PROBLEM.log(LOG, problem));
        IdentityMessage.IN_FORCE.log(LOG, read.text());
        return read;
    }
}
