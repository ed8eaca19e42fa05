package dev.agentruntime.console;

import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RoomOperations;
import dev.agentruntime.api.SessionConnections;
import dev.agentruntime.api.SessionCosts;
import dev.agentruntime.api.SessionLogs;
import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Metatype;
import java.time.Clock;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
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

/** Has the console serve as the {@code <agentConsole>} element says, while there is a platform. */
@Component(
        configurationPid = "agentConsole", configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true,
        service = {}, property = "service.vendor=Agent Runtime")
public final class ConsoleComponent {

    private static final Logger LOG = Logger.getLogger(ConsoleComponent.class.getName());
    private static final Metatype METATYPE = Metatype.of(ConsoleComponent.class);

    /** One at the most of each; Liberty puts another list here when it comes or goes. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<SessionCosts> costs = List.of();
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<SessionLogs> logs = List.of();
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<SessionConnections> connections = List.of();
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            target = "(osgi.jndi.service.name=" + RoomOperations.ACCOUNTING_JNDI_NAME + ")")
    private volatile List<RoomOperations> accounting = List.of();

    private final ServiceRegistration<Console> service;
    private volatile ConsoleSettings settings;

    /** Serves. */
    @Activate
    public ConsoleComponent(@Reference Platform platform, BundleContext context, Map<String, Object> properties) {
        settings = read(properties);
        Rooms rooms = new Rooms(platform, () -> costs.stream().findFirst(), () -> logs.stream().findFirst(), () -> connections.stream().findFirst(),
                () -> accounting.stream().findFirst());
        service = context.registerService(Console.class, new Console(rooms, () -> settings, Clock.systemUTC()), new Hashtable<>());
    }

    /** Takes a changed server.xml; whoever has signed in stays so. */
    @Modified
    void modified(Map<String, Object> properties) {
        settings = read(properties);
    }

    @Deactivate
    void deactivate() {
        service.unregister();
    }

    private static ConsoleSettings read(Map<String, Object> properties) {
        Attributes own = Attributes.of("agentConsole", properties);
        ConsoleSettings read = ConsoleSettings.read(own);
        METATYPE.check(own, "agentConsole");
        own.problems().forEach(problem -> ConsoleMessage.CONFIG_PROBLEM.log(LOG, problem));
        ConsoleMessage.SERVED.log(LOG, read.text());
        return read;
    }
}
