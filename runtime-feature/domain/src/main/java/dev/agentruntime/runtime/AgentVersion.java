package dev.agentruntime.runtime;

import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.AgentTemplate;

/** One version of an agent, ready to start; goes when it is retired and its last start is over. Thread-safe. */
final class AgentVersion {

    /** Keeps the version until it is closed. */
    interface Lease extends AutoCloseable {

        AgentTemplate template();

        String version();

        VmPool pool();

        @Override
        void close();
    }

    private enum Use { SERVING, RETIRED, CLOSED }

    private final AgentSpec spec;
    private final AgentTemplate template;
    private final Runnable afterwards;
    private final VmPool pool;
    private Use use = Use.SERVING;
    private int leases;

    /**
     * @param slots      for the filling of its pool
     * @param afterwards run once the template is closed
     */
    AgentVersion(AgentSpec spec, AgentTemplate template, Environment environment, FillSlots slots, Runnable afterwards) {
        this.spec = spec;
        this.template = template;
        this.afterwards = afterwards;
        this.pool = new VmPool(spec.runtime(), environment, slots, this::lease);
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

    synchronized Lease lease() {
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

    /** Closed by the one thread that has it. */
    private final class Held implements Lease {

        @Override
        public AgentTemplate template() {
            return template;
        }

        @Override
        public String version() {
            return name();
        }

        @Override
        public VmPool pool() {
            return pool;
        }

        @Override
        public void close() {
            release();
        }
    }
}
