package dev.agentruntime.identity;

import dev.agentruntime.identity.IdentityException.Kind;

/** Which credential providers a workload may use. Thread-safe; blocks on the database. */
record Access(Workloads workloads, CredentialProviders apiKeys, CredentialProviders oauth2) {

    /**
     * The provider.
     *
     * @throws IdentityException there is none of this name, or it is not for this workload, or the workload is no more
     */
    Provider provider(ProviderKind kind, String name, Acting acting) {
        workloads.named(acting.workload());
        Provider provider = (kind == ProviderKind.API_KEY ? apiKeys : oauth2).named(name);
        if (!provider.isOpenTo(acting.workload())) {
            throw new IdentityException(Kind.DENIED, "The credential provider " + name + " is not for the workload identity " + acting.workload()
                    + ". Its allowedWorkloads or workloads have to name it.");
        }
        return provider;
    }
}
