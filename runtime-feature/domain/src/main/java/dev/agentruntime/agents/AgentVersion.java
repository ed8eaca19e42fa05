package dev.agentruntime.agents;

import dev.agentruntime.api.Tenant;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.AgentTemplate;
import dev.agentruntime.spi.Vm;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** One version of an agent, ready to start; goes when it is retired and its last start is over. Thread-safe. */
final class AgentVersion {

    private enum Use { SERVING, RETIRED, CLOSED }

    private final AgentSpec spec;
    private final AgentTemplate template;
    private final AgentContext context;
    private final Runnable afterwards;
    private final VmPool pool;
    private Use use = Use.SERVING;
    private int leases;

    /**
     * @param afterwards run once the template is closed
     */
    AgentVersion(AgentSpec spec, AgentTemplate template, AgentContext context, Runnable afterwards) {
        this.spec = spec;
        this.template = template;
        this.context = context;
        this.afterwards = afterwards;
        this.pool = new VmPool(spec.runtime(), context, template, this::lease);
    }

    AgentSpec spec() {
        return spec;
    }

    AgentTemplate template() {
        return template;
    }

    String name() {
        return nameOf(spec);
    }

    /** What people are shown of the WAR's digest. */
    static String nameOf(AgentSpec spec) {
        return spec.artifact().digest().substring(0, 12);
    }

    synchronized AgentLease lease() {
        leases++;
        return new Held();
    }

    VmPool pool() {
        return pool;
    }

    /** No new leases are asked for from here on. */
    void retire() {
        pool.close();
        synchronized (this) {
            if (use == Use.SERVING) {
                use = Use.RETIRED;
            }
        }
        closeIfDue();
    }

    private void release() {
        synchronized (this) {
            leases--;
        }
        closeIfDue();
    }

    private void closeIfDue() {
        synchronized (this) {
            if (use != Use.RETIRED || leases > 0) {
                return;
            }
            use = Use.CLOSED;
        }
        template.close();
        afterwards.run();
    }

    private final class Held implements AgentLease {

        private final AtomicBoolean open = new AtomicBoolean(true);

        @Override
        public String digest() {
            return name();
        }

        @Override
        public Optional<WaitingVm> takeWaiting() {
            return sharing() == Sharing.VERSION ? pool.take() : Optional.empty();
        }

        @Override
        public Vm start(Tenant tenant) {
            return switch (sharing()) {
                case VERSION -> template.start();
                case TENANT -> template.start(tenant);
            };
        }

        private Sharing sharing() {
            return context.settings().get().sharing(spec.runtime());
        }

        @Override
        public Starting starting() {
            return context.slots().starting();
        }

        @Override
        public void close() {
            if (open.getAndSet(false)) {
                release();
            }
        }
    }
}
