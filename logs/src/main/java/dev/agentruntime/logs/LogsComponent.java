package dev.agentruntime.logs;

import dev.agentruntime.api.SessionLogs;
import dev.agentruntime.config.Attributes;
import dev.agentruntime.spi.SessionRoom;
import java.time.Clock;
import java.time.Duration;
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

/** Keeps the logs of sessions as the {@code <agentRuntimeLogs>} element says, and publishes them in JNDI. */
@Component(
        configurationPid = "agentRuntimeLogs", configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true,
        service = {}, property = "service.vendor=Agent Runtime")
public final class LogsComponent {

    private static final Logger LOG = Logger.getLogger(LogsComponent.class.getName());
    private static final Duration SWEEP = Duration.ofMinutes(1);
    /** Sessions that begin while the logs of an earlier run are looked at wait for so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final LogThreads threads = new LogThreads();
    private final List<ServiceRegistration<?>> services;
    private volatile LogsSettings settings;

    /** Takes up what an earlier run has left, and the log of every session from now on. */
    @Activate
    public LogsComponent(BundleContext context, Map<String, Object> properties) {
        settings = read(properties);
        Clock clock = Clock.systemUTC();
        LogShelf shelf = new LogShelf(settings.directory(), () -> settings, clock);
        shelf.recoverOn(threads, PATIENCE);
        threads.every(SWEEP, shelf::sweep);
        Hashtable<String, Object> named = new Hashtable<>();
        named.put("osgi.jndi.service.name", SessionLogs.JNDI_NAME);
        services = List.of(context.registerService(SessionLogs.class, shelf, named),
                context.registerService(SessionRoom.class, new LogRoom(shelf, () -> settings, threads, clock), new Hashtable<>()));
    }

    /** Takes a changed server.xml; the directory stays. */
    @Modified
    void modified(Map<String, Object> properties) {
        settings = read(properties);
    }

    @Deactivate
    void deactivate() {
        services.forEach(ServiceRegistration::unregister);
        threads.close();
    }

    private static LogsSettings read(Map<String, Object> properties) {
        Attributes own = Attributes.of("agentRuntimeLogs", properties);
        LogsSettings read = LogsSettings.read(own);
        own.problems().forEach(problem -> LogsMessage.CONFIG_PROBLEM.log(LOG, problem));
        LogsMessage.IN_FORCE.log(LOG, read.text());
        return read;
    }
}
