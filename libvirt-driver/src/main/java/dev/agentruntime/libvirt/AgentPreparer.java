package dev.agentruntime.libvirt;

import dev.agentruntime.api.StartMode;
import dev.agentruntime.spi.AgentTemplate;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.SessionStart;
import dev.agentruntime.spi.VmException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Makes one agent ready: base template, agent template, a clone to see that it works. Where VMs cannot be cloned it boots
 * them; a failure that may pass is thrown instead, so that cloning is tried again.
 */
final class AgentPreparer {

    private static final Duration PING_LIMIT = Duration.ofSeconds(30);
    private static final int HTTP_OK = 200;

    private final Starts starts;
    private final TemplateMaker maker;
    private final TemplateStore store;
    private final GuestPlan plan;
    private final AgentWar agent;
    private final Consumer<String> progress;
    private final AtomicLong cpuNanos = new AtomicLong();
    private final Ladder ladder;

    AgentPreparer(Starts starts, TemplateMaker maker, TemplateStore store, GuestPlan plan, AgentWar agent, Consumer<String> progress) {
        this.starts = starts;
        this.maker = maker;
        this.store = store;
        this.plan = plan;
        this.agent = agent;
        this.progress = progress;
        this.ladder = Ladder.ofClones(agent.spec().runtime());
    }

    AgentTemplate run() {
        try {
            return starts.unlessClosing(this::cloned);
        } catch (CannotCloneException e) {
            DriverMessage.CLONING_FAILED.log(e, agent.spec().runtime(), e.getMessage());
            progress.accept("cloning does not work on this host (" + e.getMessage() + "); trying to boot instead");
            return booted();
        }
    }

    private AgentTemplate cloned() {
        CloneSource source = workingTemplate();
        TenantCopies copies = new TenantCopies(store, plan, source.template());
        return new PreparedAgent(StartMode.CLONE, cpuNanos.get(),
                () -> source.start(template -> starts.cloneOf(template, plan)),
                tenant -> source.start(template -> copies.start(tenant, pin -> starts.cloneOf(pin, plan))),
                ladder, rung -> starts.unlessClosing(() -> source.start(template -> starts.ahead(template, plan, rung))), source::close);
    }

    /**
     * A cached template that does not work is built once more, or tried once more when others use it: then it is the host that
     * fails. So does the host where a fresh one does not work.
     */
    private CloneSource workingTemplate() {
        AtomicBoolean fresh = new AtomicBoolean();
        boolean repeated = false;
        while (true) {
            CloneSource source = new CloneSource(store, agentTemplate(fresh));
            try {
                selfTest(source);
                return source;
            } catch (HypervisorAwayException | NoRoomException e) {
                source.close();
                throw e;
            } catch (VmException e) {
                String why = "a clone of it did not work: " + e.getMessage();
                boolean whole = TemplateFiles.loss(source.template()).isEmpty();
                boolean dropped = source.giveUp(why);
                source.close();
                if (fresh.get()) {
                    throw whole ? new CannotCloneException(why, e) : e;
                }
                if (!dropped && repeated) {
                    throw e;
                }
                repeated = true;
            }
        }
    }

    /** The base template is neither needed nor dropped while the agent's is there. */
    private TemplateStore.Pin agentTemplate(AtomicBoolean fresh) {
        String baseKey = TemplateKeys.base(plan.host(), plan.image(), plan.memoryBytes(), plan.vcpus());
        return store.obtain(TemplateKeys.agent(baseKey, agent), Set.of(baseKey), draft -> {
            fresh.set(true);
            progress.accept("waiting for the base template, which another agent's preparation may be building");
            try (TemplateStore.Pin base = store.obtain(baseKey,
                    baseDraft -> built("base", baseDraft, () -> maker.base(plan, baseDraft, progress)))) {
                built("agent", draft, () -> maker.agent(plan, base.template(), agent, draft, progress));
            }
        });
    }

    private void built(String kind, Template draft, Supplier<MeterReading> work) {
        long begun = System.nanoTime();
        cpuNanos.addAndGet(work.get().cpuNanos());
        DriverMessage.TEMPLATE_BUILT.log(kind, draft.key(), (System.nanoTime() - begun) / 1_000_000);
    }

    /** Takes a VM up the ladder and through its beginning, rung by rung downwards until one works. */
    private void selfTest(CloneSource source) {
        progress.accept("trying a clone");
        ladder.climb(rung -> starts.unlessClosing(() -> worksOn(rung, source)));
    }

    private StartMode worksOn(StartMode rung, CloneSource source) {
        LibvirtVm vm = source.start(template -> starts.trial(template, plan, rung));
        try {
            vm.begin(SessionStart.of("self-test"));
            int status = vm.ping(PING_LIMIT).status();
            if (status != HTTP_OK) {
                throw new VmException("A clone of the template " + source.template().key() + " answered its ping with status " + status);
            }
            return rung;
        } finally {
            // What is left of it is no fault of the template.
            starts.end(vm).ifPresent(used -> cpuNanos.addAndGet(used.cpuNanos()));
        }
    }

    /** Boots once, which shows whether the agent starts at all. */
    private AgentTemplate booted() {
        starts.end(starts.boot(agent, plan)).ifPresent(used -> cpuNanos.addAndGet(used.cpuNanos()));
        return new PreparedAgent(StartMode.BOOT, cpuNanos.get(), () -> starts.boot(agent, plan),
                tenant -> starts.boot(agent, plan), Ladder.ofBoots(agent.spec().runtime()), rung -> starts.unlessClosing(() -> starts.bootAhead(agent, plan)), () -> { });
    }
}
