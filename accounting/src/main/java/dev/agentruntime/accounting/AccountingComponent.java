package dev.agentruntime.accounting;

import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RoomOperations;
import dev.agentruntime.api.SessionCosts;
import dev.agentruntime.config.Attributes;
import dev.agentruntime.log.Complaints;
import dev.agentruntime.spi.SessionRoom;
import dev.agentruntime.store.Database;
import dev.agentruntime.store.UsageQuery.Servers;
import dev.agentruntime.store.UsageQuery.Servers.Which;
import dev.agentruntime.store.UsageReports;
import java.time.Clock;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
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

/** Tells what sessions cost and what was used, and holds them to their budgets, as the {@code <agentRuntimeAccounting>} element says. */
@Component(
        configurationPid = "agentRuntimeAccounting", configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true,
        service = {}, property = "service.vendor=Agent Runtime")
public final class AccountingComponent {

    private static final Logger LOG = Logger.getLogger(AccountingComponent.class.getName());

    /** A budget is to hold within a second. */
    private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(250);
    private static final Duration BETWEEN_WRITES = Duration.ofSeconds(1);

    private final ScheduledExecutorService watching = Executors.newSingleThreadScheduledExecutor(work -> thread(work, "agent-runtime-budgets"));
    private final ScheduledExecutorService writing = Executors.newSingleThreadScheduledExecutor(work -> thread(work, "agent-runtime-invocations"));
    private final ExecutorService reading = Executors.newSingleThreadExecutor(work -> thread(work, "agent-runtime-accounting"));
    private final BudgetWatch watch;
    private final List<ServiceRegistration<?>> services;
    private final Complaints complaints = new Complaints(System::nanoTime);
    private volatile AccountingSettings settings;
    private volatile Optional<String> serverId = Optional.empty();

    /** Publishes the costs and what was used, and holds sessions to their budgets. */
    @Activate
    public AccountingComponent(@Reference Database database, BundleContext context, Map<String, Object> properties) {
        settings = told(read(properties));
        SessionCosts costs = usage -> settings.prices().map(prices -> prices.of(usage));
        UsageReports reports = new UsageReports(database);
        InvocationStore store = new InvocationStore(database);
        InvocationLog log = new InvocationLog(store, () -> settings.invocationsKept(), Clock.systemUTC());
        UsageDoor usage = new UsageDoor(reports::read, store::read, () -> settings.prices(), Clock.systemUTC());
        writing.scheduleWithFixedDelay(() -> write(log), BETWEEN_WRITES.toMillis(), BETWEEN_WRITES.toMillis(), TimeUnit.MILLISECONDS);
        watch = new BudgetWatch(() -> settings, used(reports, Which.THIS)::on, used(reports, Which.OTHERS)::on, Clock.systemUTC());
        watching.scheduleWithFixedDelay(this::round, BETWEEN_ROUNDS.toMillis(), BETWEEN_ROUNDS.toMillis(), TimeUnit.MILLISECONDS);
        services = List.of(context.registerService(SessionCosts.class, costs, named(SessionCosts.JNDI_NAME)),
                context.registerService(RoomOperations.class, usage, named(RoomOperations.ACCOUNTING_JNDI_NAME)),
                context.registerService(SessionRoom.class, watch, new Hashtable<>()),
                context.registerService(SessionRoom.class, new InvocationRoom(() -> !settings.invocationsKept().isZero(), log::add), new Hashtable<>()));
    }

    private UsedBefore used(UsageReports reports, Which which) {
        return new UsedBefore(query -> reports.read(query, UsedBefore.MOST_SUMS), () -> serverId.map(id -> new Servers(id, which)), reading, Clock.systemUTC());
    }

    /** Which of the servers on the database this is. It may come later than this component, which it does not keep from its work. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindPlatform(Platform platform, Map<String, Object> properties) {
        serverId = Optional.ofNullable(properties.get(Platform.SERVER_ID)).map(Object::toString);
    }

    /** It is the same when it comes back. */
    void unbindPlatform(Platform platform) {}

    private static Thread thread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Whatever fails, the next round comes. */
    private void round() {
        try {
            watch.round();
        } catch (RuntimeException | Error e) {
            if (complaints.isDue()) {
                AccountingMessage.ROUND_FAILED.log(LOG, e, e.toString());
            }
        }
    }

    /** Whatever fails, the next write comes. */
    private void write(InvocationLog log) {
        try {
            log.write();
        } catch (RuntimeException | Error e) {
            if (complaints.isDue()) {
                AccountingMessage.ROUND_FAILED.log(LOG, e, e.toString());
            }
        }
    }

    private static Hashtable<String, Object> named(String name) {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put("osgi.jndi.service.name", name);
        return properties;
    }

    /** Takes a changed server.xml. */
    @Modified
    void modified(Map<String, Object> properties) {
        settings = told(read(properties).after(settings));
    }

    @Deactivate
    void deactivate() {
        services.forEach(ServiceRegistration::unregister);
        watching.shutdownNow();
        writing.shutdown();
        reading.shutdown(); // an interrupt in the midst of a read closes H2's file
    }

    private static AccountingSettings read(Map<String, Object> properties) {
        Attributes own = Attributes.of("agentRuntimeAccounting", properties);
        AccountingSettings read = AccountingSettings.read(own);
        own.problems().forEach(problem -> AccountingMessage.CONFIG_PROBLEM.log(LOG, problem));
        return read;
    }

    private static AccountingSettings told(AccountingSettings inForce) {
        inForce.unusable().forEach(budget -> AccountingMessage.BUDGET_UNUSABLE.log(LOG, budget.why()));
        AccountingMessage.IN_FORCE.log(LOG, inForce.text());
        return inForce;
    }
}
