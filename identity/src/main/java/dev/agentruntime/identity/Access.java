package dev.agentruntime.identity;

import dev.agentruntime.identity.IdentityException.Kind;

/** Which credential providers a workload may use. Thread-safe; blocks on the database. */
record Access(Workloads workloads, CredentialProviders apiKeys, CredentialProviders oauth2) {

    /**
     * The provider of that name.
     *
     * @throws IdentityException there is none
     */
    Provider named(ProviderKind kind, String name) {
        return (kind == ProviderKind.API_KEY ? apiKeys : oauth2).named(name);
    }

    /** @throws IdentityException it is not for this workload, or the workload is no more */
    void check(Provider provider, Acting acting) {
        workloads.named(acting.workload());
        if (!provider.isOpenTo(acting.workload())) {
            throw new IdentityException(Kind.DENIED, "The credential provider " + provider.name() + " is not for the workload identity " + acting.workload()
                    + ". Its allowedWorkloads or workloads have to name it.");
        }
    }
}
