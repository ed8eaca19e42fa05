package dev.agentruntime.agents;

import dev.agentruntime.api.Tenant;
import dev.agentruntime.spi.AgentPaths;
import dev.agentruntime.spi.TemplateLostException;
import dev.agentruntime.spi.Vm;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The version with which a session began in an earlier run of the server. The session's VM needs no template any more, so none is held:
 * the version may have been replaced, or its agent taken out, meanwhile.
 */
record KeptLease(String digest, AgentPaths paths, SessionTerms terms, BooleanSupplier token) implements AgentLease {

    @Override
    public boolean passesToken() {
        return token.getAsBoolean();
    }

    @Override
    public Optional<WaitingVm> takeWaiting() {
        return Optional.empty();
    }

    @Override
    public Vm start(Tenant tenant) {
        throw new TemplateLostException("The version " + digest + " of an earlier run of the server starts no VM. Take another lease.");
    }

    @Override
    public Starting starting() {
        return () -> { };
    }

    @Override
    public AgentLease again() {
        return this;
    }

    @Override
    public void close() {
        // There is nothing to let go of.
    }
}
