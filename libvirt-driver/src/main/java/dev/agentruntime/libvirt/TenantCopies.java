package dev.agentruntime.libvirt;

import dev.agentruntime.api.Tenant;

/** Copies of one agent's template, one for each tenant, so that tenants have no page of it in common. Thread-safe. */
final class TenantCopies {

    private final TemplateStore store;
    private final Launcher.Plan plan;
    private final Template original;

    /** @param original stays where it is as long as copies are asked for */
    TenantCopies(TemplateStore store, Launcher.Plan plan, Template original) {
        this.store = store;
        this.plan = plan;
        this.original = original;
    }

    /** The tenant's copy, made when there is none or when what is there is damaged. Blocks meanwhile. */
    TemplateStore.Pin of(Tenant tenant) {
        return store.obtain(TemplateKeys.copy(original.key(), tenant), this::make);
    }

    private void make(Template draft) {
        long begun = System.nanoTime();
        Launcher.copy(original, plan, draft);
        DriverMessage.TEMPLATE_BUILT.log("tenant's", draft.key(), (System.nanoTime() - begun) / 1_000_000);
    }
}
