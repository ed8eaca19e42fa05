package dev.agentruntime.libvirt;

import dev.agentruntime.api.Tenant;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.NoRoomException;
import dev.agentruntime.spi.VmException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Copies of one agent's template, one for each tenant, so that tenants have no page of it in common. Thread-safe. */
final class TenantCopies {

    private final TemplateStore store;
    private final GuestPlan plan;
    private final Template original;

    /** @param original stays where it is as long as copies are asked for */
    TenantCopies(TemplateStore store, GuestPlan plan, Template original) {
        this.store = store;
        this.plan = plan;
        this.original = original;
    }

    /** The tenant's copy, made when there is none or when what is there is damaged. Blocks meanwhile. */
    TemplateStore.Pin of(Tenant tenant) {
        return store.obtain(TemplateKeys.copy(original.key(), tenant), Set.of(original.key()), this::make);
    }

    /**
     * Starts a VM from the tenant's copy; a copy that turns out to be damaged is made again, once.
     *
     * @param way starts one from a copy and lets it go
     */
    LibvirtVm start(Tenant tenant, Function<TemplateStore.Pin, LibvirtVm> way) {
        TemplateStore.Pin copy = of(tenant);
        try {
            return way.apply(copy);
        } catch (HypervisorAwayException | NoRoomException e) {
            throw e;
        } catch (VmException e) {
            Optional<String> loss = TemplateFiles.loss(copy.template());
            if (loss.isEmpty()) {
                throw e;
            }
            DriverMessage.TEMPLATE_CORRUPT.log(copy.template().key(), loss.get());
            store.discard(copy);
            return way.apply(of(tenant));
        }
    }

    private void make(Template draft) {
        long begun = System.nanoTime();
        TemplateMaker.copy(original, plan, draft);
        DriverMessage.TEMPLATE_BUILT.log("tenant's", draft.key(), (System.nanoTime() - begun) / 1_000_000);
    }
}
