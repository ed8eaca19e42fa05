package dev.agentruntime.runtime.liberty;

import dev.agentruntime.api.Platform;
import dev.agentruntime.config.Attributes;
import dev.agentruntime.runtime.AgentPlatform;
import dev.agentruntime.runtime.Message;
import dev.agentruntime.runtime.PlatformConfig;
import dev.agentruntime.runtime.ledger.JdbcLedger;
import dev.agentruntime.spi.DriverSettings;
import dev.agentruntime.spi.VmDriver;
import dev.agentruntime.spi.VmDriverProvider;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.logging.Logger;
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

/** Runs the platform as the {@code <agentRuntime>} element says, and publishes it in JNDI. */
@Component(
        configurationPid = "agentRuntime", configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true,
        service = {}, property = "service.vendor=Agent Runtime")
public final class AgentRuntimeComponent {

    private static final Logger LOG = Logger.getLogger(AgentRuntimeComponent.class.getName());

    private final VmDriverProvider drivers;
    private final BundleContext context;
    private final SynchronousBundleListener farewell = this::beforeTheServerStops;
    private PlatformThreads threads;
    private volatile AgentPlatform platform;
    private ServiceRegistration<Platform> service;
    private PlatformConfig config;
    private VmDriver driver;

    /** Starts the platform. */
    @Activate
    public AgentRuntimeComponent(
            @Reference VmDriverProvider drivers, BundleContext context, Map<String, Object> properties) {
        this.drivers = drivers;
        this.context = context;
        start(read(properties));
    }

    /** Takes a changed server.xml; sessions are not disturbed. */
    @Modified
    synchronized void modified(Map<String, Object> properties) {
        PlatformConfig changed = read(properties);
        if (driver instanceof UnavailableDriver) {
            stop();
            start(changed);
            return;
        }
        List<String> restart = changed.needRestart(config);
        if (!restart.isEmpty()) {
            Message.RESTART_NEEDED.log(LOG, String.join(", ", restart));
        }
        platform.update(changed);
        Message.CONFIG_UPDATED.log(LOG, changed.effective().text());
    }

    @Deactivate
    synchronized void deactivate() {
        stop();
        Message.STOPPED.log(LOG);
    }

    private synchronized void start(PlatformConfig first) {
        config = first;
        driver = opened(first.driver());
        threads = new PlatformThreads();
        platform = new AgentPlatform(first, driver,
                new JdbcLedger(new JndiConnections(first.store().dataSource())), threads.workers(), Clock.systemUTC());
        threads.everySecond(platform::tick);
        context.addBundleListener(farewell);
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put("osgi.jndi.service.name", Platform.JNDI_NAME);
        service = context.registerService(Platform.class, platform, properties);
        Message.STARTED.log(LOG, first.effective().text());
    }

    /** The framework says so before it stops anything: later the data source would be gone, and the last usage with it. */
    private void beforeTheServerStops(BundleEvent event) {
        if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == Constants.SYSTEM_BUNDLE_ID) {
            platform.close();
        }
    }

    private void stop() {
        context.removeBundleListener(farewell);
        service.unregister();
        threads.stopTimer();
        platform.close();
        threads.close();
    }

    private VmDriver opened(DriverSettings settings) {
        try {
            return drivers.open(settings);
        } catch (IllegalArgumentException e) {
            Message.DRIVER_SETTINGS.log(LOG, e.getMessage());
            return new UnavailableDriver(e.getMessage());
        }
    }

    private static PlatformConfig read(Map<String, Object> properties) {
        Attributes own = Attributes.of("agentRuntime", properties);
        String name = own.text("serverName", "server");
        String directory = own.text("serverDirectory", "");
        PlatformConfig read = PlatformConfig.read(
                own, ServerId.of(name, directory), Path.of(directory).toAbsolutePath().normalize().resolve("agent-runtime"));
        own.problems().forEach(problem -> Message.CONFIG_PROBLEM.log(LOG, problem));
        return read;
    }
}
