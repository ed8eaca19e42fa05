package dev.agentruntime.liberty;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.store.Database;
import dev.agentruntime.store.StoreSettings;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;

/** Publishes the platform's database for rooms that have tables of their own. */
@Component(
        configurationPid = "agentRuntime", configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true,
        service = {}, property = "service.vendor=Agent Runtime")
public final class DatabaseComponent {

    private final ServiceRegistration<Database> service;

    /** Opens nothing yet. */
    @Activate
    public DatabaseComponent(BundleContext context, Map<String, Object> properties) {
        StoreSettings settings = StoreSettings.read(Attributes.of("agentRuntime", properties));
        service = context.registerService(Database.class, new Database(new JndiConnections(settings.dataSource())), new Hashtable<>());
    }

    /** A changed data source takes effect after a restart only, for every room. */
    @Modified
    void modified(Map<String, Object> properties) {}

    @Deactivate
    void deactivate() {
        service.unregister();
    }
}
