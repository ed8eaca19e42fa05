package dev.agentruntime.agents;

import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Tenant;
import dev.agentruntime.spi.AgentPaths;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.AgentTemplate;
import dev.agentruntime.spi.TemplateLostException;
import dev.agentruntime.spi.Vm;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/**
 * One version of an agent, ready to start. Its template is closed when it is retired and its last lease is closed, or at
 * once when it is lost. Thread-safe; does not block.
 */
final class AgentVersion {

    private enum Use { SERVING, RETIRED, CLOSED }

    private final AgentSpec spec;
    private final StoredArtifact artifact;
    private final AgentTemplate template;
    private final AgentContext context;
    private final BiConsumer<AgentVersion, TemplateLostException> onLost;
    /** What a room said of it, which holds for its sessions after the room has withdrawn it too. */
    private final Optional<AgentConfig> offered;
    private final VmPool pool;
    private Use use = Use.SERVING;
    private int leases;

    /**
     * @param artifact let go of when the template is closed
     * @param onLost   told when the template turns out to be lost
     */
    AgentVersion(AgentSpec spec, StoredArtifact artifact, AgentTemplate template, AgentContext context,
            BiConsumer<AgentVersion, TemplateLostException> onLost) {
        this.spec = spec;
        this.artifact = artifact;
        this.template = template;
        this.context = context;
        this.onLost = onLost;
        this.offered = context.settings().get().offered(spec.runtime());
        this.pool = new VmPool(spec, context, this::makeAhead, this::lease);
    }

    AgentSpec spec() {
        return spec;
    }

    StoredArtifact artifact() {
        return artifact;
    }

    AgentTemplate template() {
        return template;
    }

    VmPool pool() {
        return pool;
    }

    boolean boots() {
        return template.startMode() == StartMode.BOOT;
    }

    /** Whether a template of {@code other} would be the same; the copies of its artifact may be two. */
    boolean isOf(AgentSpec other) {
        return spec.artifact().digest().equals(other.artifact().digest()) && spec.memoryBytes() == other.memoryBytes()
                && spec.vcpus() == other.vcpus() && spec.paths().equals(other.paths()) && spec.additions().sameAs(other.additions());
    }

    /** What people are shown of the artifact's digest. */
    String digest() {
        return shortDigest(spec);
    }

    static String shortDigest(AgentSpec spec) {
        return spec.artifact().digest().substring(0, 12);
    }

    /** One that is taken after the version was closed starts nothing. */
    synchronized AgentLease lease() {
        leases++;
        return new Held();
    }

    /** Sessions begin with another version from now on. */
    void retire() {
        pool.close();
        synchronized (this) {
            use = use == Use.SERVING ? Use.RETIRED : use;
        }
        closeIfUnused();
    }

    /** Nothing can be started from the template any more. */
    void lose() {
        pool.close();
        synchronized (this) {
            if (use == Use.CLOSED) {
                return;
            }
            use = Use.CLOSED;
        }
        close();
    }

    private void closeIfUnused() {
        synchronized (this) {
            if (use != Use.RETIRED || leases > 0) {
                return;
            }
            use = Use.CLOSED;
        }
        close();
    }

    /** The driver may take its time. */
    private void close() {
        context.executors().ends().execute(() -> {
            try {
                template.close();
            } finally {
                artifact.release();
            }
        });
    }

    private synchronized void checkOpen() {
        if (use == Use.CLOSED) {
            throw new TemplateLostException("The template of agent runtime " + spec.runtime() + " with digest " + digest()
                    + " is closed. Take another lease.");
        }
    }

    private Vm makeAhead() {
        checkOpen();
        try {
            return template.makeAhead();
        } catch (TemplateLostException e) {
            onLost.accept(this, e);
            throw e;
        }
    }

    private Vm start(Tenant tenant) {
        checkOpen();
        try {
            return switch (sharing()) {
                case VERSION -> template.start();
                case TENANT -> template.start(tenant);
            };
        } catch (TemplateLostException e) {
            onLost.accept(this, e);
            throw e;
        }
    }

    private Sharing sharing() {
        return context.settings().get().sharing(spec.runtime());
    }

    private final class Held implements AgentLease {

        private final AtomicBoolean open = new AtomicBoolean(true);

        @Override
        public String digest() {
            return AgentVersion.this.digest();
        }

        @Override
        public AgentPaths paths() {
            return spec.paths();
        }

        @Override
        public SessionTerms terms() {
            return offered.flatMap(AgentConfig::terms).orElse(SessionTerms.NONE);
        }

        @Override
        public boolean passesToken() {
            return offered.map(AgentConfig::passesToken).orElseGet(() -> context.settings().get().passesToken(spec.runtime()));
        }

        @Override
        public Optional<WaitingVm> takeWaiting() {
            return sharing() == Sharing.VERSION ? pool.take() : Optional.empty();
        }

        @Override
        public Vm start(Tenant tenant) {
            return AgentVersion.this.start(tenant);
        }

        @Override
        public AgentLease again() {
            return AgentVersion.this.lease();
        }

        @Override
        public Starting starting() {
            return context.slots().starting();
        }

        @Override
        public void close() {
            if (open.getAndSet(false)) {
                synchronized (AgentVersion.this) {
                    leases--;
                }
                closeIfUnused();
            }
        }
    }
}
