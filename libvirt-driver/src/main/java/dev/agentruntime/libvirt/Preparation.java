package dev.agentruntime.libvirt;

import dev.agentruntime.api.StartMode;
import dev.agentruntime.spi.AgentSpec;
import dev.agentruntime.spi.AgentTemplate;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.VmException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Makes one agent ready: base template, agent template, a clone to see that it works; booting where that fails. */
final class Preparation {

    private static final Duration PING_LIMIT = Duration.ofSeconds(30);
    private static final int HTTP_OK = 200;

    private final Launcher launcher;
    private final TemplateStore store;
    private final Launcher.Plan plan;
    private final AgentSpec spec;
    private final Consumer<String> progress;
    private final AtomicLong cpuNanos = new AtomicLong();
    private final Ladder ladder;

    Preparation(Launcher launcher, TemplateStore store, Launcher.Plan plan, AgentSpec spec, Consumer<String> progress) {
        this.launcher = launcher;
        this.store = store;
        this.plan = plan;
        this.spec = spec;
        this.progress = progress;
        this.ladder = Ladder.ofClones(spec.runtime());
    }

    AgentTemplate run() {
        try {
            return cloned();
        } catch (NotTriedException e) {
            throw e;
        } catch (VmException e) {
            DriverMessage.CLONING_FAILED.log(e, spec.runtime(), e.getMessage());
            progress.accept("cloning does not work here (" + e.getMessage() + "); trying to boot instead");
            return booted();
        }
    }

    private AgentTemplate cloned() {
        TemplateStore.Pin held = workingTemplate();
        AtomicBoolean released = new AtomicBoolean();
        TenantCopies copies = new TenantCopies(store, plan, held.template());
        return new PreparedAgent(StartMode.CLONE, cpuNanos.get(), () -> launcher.cloneOf(held.template(), plan),
                tenant -> launcher.cloneOf(copies.of(tenant), plan), ladder, rung -> launcher.ahead(held.template(), plan, rung), () -> {
                    if (released.compareAndSet(false, true)) {
                        held.close();
                    }
                });
    }

    /** A cached template that does not work is built once more; a fresh one that does not work is the host's doing. */
    private TemplateStore.Pin workingTemplate() {
        AtomicBoolean fresh = new AtomicBoolean();
        while (true) {
            TemplateStore.Pin pin = agentTemplate(fresh);
            try {
                selfTest(pin.template());
                return pin;
            } catch (NotTriedException e) {
                pin.close();
                throw e;
            } catch (VmException e) {
                store.discard(pin);
                pin.close();
                if (fresh.get()) {
                    throw e;
                }
                DriverMessage.TEMPLATE_CORRUPT.log(pin.template().key(), "a clone of it did not work: " + e.getMessage());
            }
        }
    }

    private TemplateStore.Pin agentTemplate(AtomicBoolean fresh) {
        String baseKey = TemplateKeys.base(plan.host(), plan.image(), plan.memoryBytes(), plan.vcpus());
        return store.obtain(TemplateKeys.agent(baseKey, spec), draft -> {
            fresh.set(true);
            try (TemplateStore.Pin base = store.obtain(baseKey, baseDraft ->
                    built("base", baseDraft, () -> launcher.buildBase(plan, baseDraft, progress)))) {
                built("agent", draft, () -> launcher.buildAgent(plan, base.template(), spec, draft, progress));
            }
        });
    }

    private void built(String kind, Template draft, Supplier<MeterReading> work) {
        long begun = System.nanoTime();
        cpuNanos.addAndGet(work.get().cpuNanos());
        DriverMessage.TEMPLATE_BUILT.log(kind, draft.key(), (System.nanoTime() - begun) / 1_000_000);
    }

    /** Takes a VM up the ladder and through its beginning, rung by rung downwards until one works. */
    private void selfTest(Template template) {
        progress.accept("trying a clone");
        ladder.climb(rung -> {
            LibvirtVm vm = launcher.trial(template, plan, rung);
            try {
                vm.begin("self-test");
                int status = vm.ping(PING_LIMIT).status();
                if (status != HTTP_OK) {
                    throw new VmException("A clone of the template " + template.key() + " answered its ping with status " + status);
                }
                return rung;
            } finally {
                cpuNanos.addAndGet(vm.destroy().cpuNanos());
            }
        });
    }

    /** Boots once, which shows whether the agent starts at all. */
    private AgentTemplate booted() {
        cpuNanos.addAndGet(launcher.boot(spec, plan).destroy().cpuNanos());
        return new PreparedAgent(StartMode.BOOT, cpuNanos.get(), () -> launcher.boot(spec, plan),
                tenant -> launcher.boot(spec, plan), Ladder.ofBoots(spec.runtime()), rung -> launcher.bootAhead(spec, plan), () -> { });
    }
}
