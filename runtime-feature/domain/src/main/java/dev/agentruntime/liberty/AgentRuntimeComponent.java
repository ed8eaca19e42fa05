package dev.agentruntime.liberty;

import dev.agentruntime.api.Platform;
import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Metatype;
import dev.agentruntime.platform.AgentPlatform;
import dev.agentruntime.platform.PlatformConfig;
import dev.agentruntime.platform.Workers;
import dev.agentruntime.sessions.SteadyClock;
import dev.agentruntime.sessions.Times;
import dev.agentruntime.spi.AgentOffers;
import dev.agentruntime.spi.DriverSettings;
import dev.agentruntime.spi.SessionRoom;
import dev.agentruntime.spi.VmDriver;
import dev.agentruntime.spi.VmDriverProvider;
import dev.agentruntime.store.Database;
import dev.agentruntime.store.JdbcLedger;
import dev.agentruntime.store.JdbcSessionDirectory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Runs the platform as the {@code <agentRuntime>} element says, and publishes it in JNDI. */
@Component(
        configurationPid = "agentRuntime", configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true,
        service = {}, property = "service.vendor=Agent Runtime")
public final class AgentRuntimeComponent {

    static final Set<String> INTERNAL = Set.of("serverName", "serverDirectory");
    /** Of {@code <agentRuntime>}, whoever reads them. */
    static final List<String> ATTRIBUTES = Metatype.of(AgentRuntimeComponent.class).names("agentRuntime").stream().filter(name -> !INTERNAL.contains(name)).toList();

    private static final Logger LOG = Logger.getLogger(AgentRuntimeComponent.class.getName());

    private final VmDriverProvider drivers;
    private final BundleContext context;
    private final SynchronousBundleListener farewell = this::beforeTheServerStops;
    private final String serverId;
    private final PlatformFacade facade;
    private final ServiceRegistration<Platform> service;
    private final Optional<ServiceRegistration<?>> quiesce;
    /** Those there are now; Liberty puts another list here when one comes or goes. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<SessionRoom> rooms = List.of();
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<AgentOffers> offers = List.of();

    private PlatformThreads threads;
    private volatile AgentPlatform platform;
    private PlatformConfig config;
    private VmDriver driver;

    /** Starts the platform. */
    @Activate
    public AgentRuntimeComponent(
            @Reference VmDriverProvider drivers, BundleContext context, Map<String, Object> properties) {
        this.drivers = drivers;
        this.context = context;
        Attributes own = attributes(properties);
        this.serverId = new ServerId(directory(own), own.text("serverName", "server"), MachineId.ofThisMachine()).value();
        start(read(own));
        this.facade = new PlatformFacade(platform);
        Hashtable<String, Object> named = new Hashtable<>();
        named.put("osgi.jndi.service.name", Platform.JNDI_NAME);
        named.put(Platform.SERVER_ID, serverId);
        this.service = context.registerService(Platform.class, facade, named);
        this.quiesce = Quiesce.register(context, () -> platform.close());
        ClassesAhead.begin(context);
    }

    /** Takes a changed server.xml; sessions are not disturbed. */
    @Modified
    synchronized void modified(Map<String, Object> properties) {
        PlatformConfig changed = read(attributes(properties));
        if (driver instanceof UnavailableDriver) {
            replace(changed);
            return;
        }
        List<String> restart = changed.needRestart(config);
        if (!restart.isEmpty()) {
            LibertyMessage.RESTART_NEEDED.log(LOG, String.join(", ", restart));
        }
        LibertyMessage.CONFIG_UPDATED.log(LOG, platform.update(changed).effective().text());
    }

    @Deactivate
    synchronized void deactivate() {
        quiesce.ifPresent(ServiceRegistration::unregister);
        service.unregister();
        facade.replace(AbsentPlatform.stopped(platform));
        stop();
        LibertyMessage.STOPPED.log(LOG);
    }

    /** No session is lost: a driver that refuses its settings has none. */
    private void replace(PlatformConfig changed) {
        facade.replace(AbsentPlatform.between(platform));
        stop();
        start(changed);
        facade.replace(platform);
    }

    private synchronized void start(PlatformConfig first) {
        config = first;
        driver = opened(first.driver());
        threads = new PlatformThreads();
        Times times = new Times(Clock.systemUTC(), SteadyClock.from(Clock.systemUTC()));
        Database database = new Database(new JndiConnections(first.store().dataSource()));
        Workers workers = threads.workers();
        platform = new AgentPlatform(first, driver, new JdbcLedger(database),
                new JdbcSessionDirectory(database, workers.directory(), times.wall(), times.steady()), workers, times, () -> rooms,
                () -> offers);
        threads.everySecond(platform::tick);
        context.addBundleListener(farewell);
        LibertyMessage.STARTED.log(LOG, first.effective().text());
    }

    /**
     * The framework says so before it stops anything: later the data source would be gone, and the last usage with it. Where Liberty
     * has said so before, nothing is left to do.
     */
    private void beforeTheServerStops(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
            platform.close();
        }
    }

    private void stop() {
        context.removeBundleListener(farewell);
        platform.close();
        threads.close();
    }

    private VmDriver opened(DriverSettings settings) {
        try {
            return drivers.open(settings);
        } catch (IllegalArgumentException e) {
            LibertyMessage.DRIVER_SETTINGS.log(LOG, e.getMessage());
            return new UnavailableDriver(e.getMessage());
        } catch (RuntimeException | LinkageError e) {
            // A native library that is not there, or a fault: whoever corrects it sees agents and health checks that say why.
            LibertyMessage.DRIVER_SETTINGS.log(LOG, e, e.toString());
            return new UnavailableDriver(e.toString());
        }
    }

    private PlatformConfig read(Attributes own) {
        own.nothingBut(ATTRIBUTES, INTERNAL);
        PlatformConfig read = PlatformConfig.read(own, serverId, directory(own));
        Stream.concat(own.problems().stream(), TopElements.problems(context).stream()).forEach(problem -> LibertyMessage.CONFIG_PROBLEM.log(LOG, problem));
        return read;
    }

    private static Attributes attributes(Map<String, Object> properties) {
        return Attributes.of("agentRuntime", properties);
    }

    /** Where this server, and no other, keeps files. */
    private static Path directory(Attributes own) {
        return own.path("serverDirectory", Path.of("")).resolve("agent-runtime");
    }
}
