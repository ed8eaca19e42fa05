package dev.agentruntime.health;

import dev.agentruntime.api.BudgetNews;
import dev.agentruntime.api.CredentialRead;
import dev.agentruntime.api.EndCode;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.OutboundConnection;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.PlatformFailure;
import dev.agentruntime.api.PlatformListener;
import dev.agentruntime.api.PlatformWork;
import dev.agentruntime.api.SessionView.Status;
import dev.agentruntime.api.StartMode;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.MetricUnits;
import org.eclipse.microprofile.metrics.Tag;
import org.eclipse.microprofile.metrics.Timer;

/**
 * The platform's MicroProfile Metrics, in the scope {@code application}. Sums of seconds are counters, of whole seconds: what is less waits for
 * more.
 */
@Singleton
final class PlatformMetrics implements PlatformListener {

    private record Population(String runtime, Status status) {}

    private record Ended(String runtime, Invocation.Outcome outcome) {}

    private final MetricRegistry registry;
    private final Map<Population, AtomicLong> sessions = new ConcurrentHashMap<>();
    /** The registry takes long to find what it has, and this is asked for at each invocation. */
    private final Map<Ended, Timer> invocations = new ConcurrentHashMap<>();
    private final Map<CredentialRead, Counter> credentials = new ConcurrentHashMap<>();
    private final Map<String, WholeSum> cpu = new ConcurrentHashMap<>();
    private final Map<String, WholeSum> memory = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> pooled = new ConcurrentHashMap<>();
    private final Map<PlatformWork, WholeSum> platform = new ConcurrentHashMap<>();

    @Inject
    PlatformMetrics(MetricRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void sessionBegan(String runtime) {
        population(runtime, Status.PROVISIONING).incrementAndGet();
    }

    @Override
    public void sessionMoved(String runtime, Status from, Status to) {
        if (from != Status.TERMINATED) {
            population(runtime, from).decrementAndGet();
        }
        if (to != Status.TERMINATED) {
            population(runtime, to).incrementAndGet();
        }
    }

    @Override
    public void sessionStarted(String runtime, StartMode mode, Duration took) {
        registry.timer(described("agent_session_starts", "Session starts and how long each took until its VM could serve"),
                runtimeTag(runtime), new Tag("mode", name(mode))).update(took);
    }

    @Override
    public void sessionEnded(String runtime, EndCode code) {
        registry.counter(described("agent_session_ends_total", "Sessions that ended, by reason"),
                runtimeTag(runtime), new Tag("reason", name(code))).inc();
    }

    @Override
    public void invocationEnded(String runtime, Invocation.Outcome outcome, Duration took) {
        invocations.computeIfAbsent(new Ended(runtime, outcome), ended -> registry.timer(
                described("agent_invocations", "Invocations and how long each took to its last byte"),
                runtimeTag(runtime), new Tag("outcome", name(outcome)))).update(took);
    }

    @Override
    public void used(String runtime, long cpuNanos, BigDecimal memoryByteSeconds) {
        cpu.computeIfAbsent(runtime, r -> sum("agent_cpu_seconds_total", "CPU that sessions have used", runtimeTag(r))).add(cpuNanos / 1e9);
        memory.computeIfAbsent(runtime, r -> sum("agent_memory_byte_seconds_total", "Memory that sessions held, integrated over time", runtimeTag(r)))
                .add(memoryByteSeconds.doubleValue());
    }

    @Override
    public void platformUsed(PlatformWork work, long cpuNanos) {
        platform.computeIfAbsent(work, w -> sum("agent_platform_cpu_seconds_total",
                "CPU spent for the platform itself, on templates, pools and starts", new Tag("work", name(w)))).add(cpuNanos / 1e9);
    }

    @Override
    public void pooled(String runtime, int vms) {
        pooled.computeIfAbsent(runtime, r -> {
            AtomicLong count = new AtomicLong();
            registry.gauge(described("agent_pool_vms", "VMs that wait for sessions"), count::get, runtimeTag(r));
            return count;
        }).set(vms);
    }

    @Override
    public void pinged(String runtime, PingStatus status) {
        registry.counter(described("agent_pings_total", "Pings by answer"),
                runtimeTag(runtime), new Tag("answer", name(status))).inc();
    }

    @Override
    public void outboundEnded(String runtime, OutboundConnection connection) {
        registry.timer(described("agent_outbound_connections", "Connections out of guests, or requests over them, and how long each took"),
                runtimeTag(runtime), new Tag("outcome", name(connection.outcome()))).update(connection.took());
        outboundBytes(runtime, "out", connection.bytesOut());
        outboundBytes(runtime, "in", connection.bytesIn());
    }

    private void outboundBytes(String runtime, String direction, long bytes) {
        registry.counter(described("agent_outbound_bytes_total", "Bytes that went out of guests and into them"),
                runtimeTag(runtime), new Tag("direction", direction)).inc(bytes);
    }

    @Override
    public void credentialRead(CredentialRead read) {
        credentials.computeIfAbsent(read, one -> registry.counter(described("agent_credential_reads_total", "Requests for credentials, by provider and outcome"),
                new Tag("provider", one.provider()), new Tag("outcome", name(one.outcome())))).inc();
    }

    @Override
    public void budget(String runtime, BudgetNews news) {
        registry.counter(described("agent_budget_events_total", "Budgets that were four fifths used up, or all"), runtimeTag(runtime),
                new Tag("per", name(news.per())), new Tag("measure", name(news.measure())), new Tag("level", name(news.level()))).inc();
    }

    @Override
    public void failed(String runtime, PlatformFailure kind) {
        registry.counter(described("agent_failures_total", "Failures by kind"),
                runtimeTag(runtime), new Tag("kind", name(kind))).inc();
    }

    private AtomicLong population(String runtime, Status status) {
        return sessions.computeIfAbsent(new Population(runtime, status), key -> {
            AtomicLong count = new AtomicLong();
            // A session that began before this listener did is only seen leaving.
            registry.gauge(described("agent_sessions", "Sessions alive now"), () -> Math.max(0, count.get()),
                    runtimeTag(runtime), new Tag("state", name(status)));
            return count;
        });
    }

    private WholeSum sum(String name, String description, Tag tag) {
        return new WholeSum(registry.counter(described(name, description), tag));
    }

    private static Metadata described(String name, String description) {
        return Metadata.builder().withName(name).withDescription(description).withUnit(MetricUnits.NONE).build();
    }

    private static Tag runtimeTag(String runtime) {
        return new Tag("runtime", runtime);
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
