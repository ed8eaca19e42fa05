package dev.agentruntime.agents;

import dev.agentruntime.api.RequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Who waits for a version to serve. Guarded by its owner; what it returns is run by its owner without a lock. */
final class LeaseQueue {

    private List<CompletableFuture<AgentLease>> waiting = new ArrayList<>();

    CompletionStage<AgentLease> add() {
        CompletableFuture<AgentLease> lease = new CompletableFuture<>();
        waiting.add(lease);
        return lease;
    }

    /** Takes the leases at once, so that the version cannot go before they are handed over. */
    Runnable serve(AgentVersion version) {
        List<Runnable> served = takeAll().stream().map(waiter -> handing(waiter, version.lease())).toList();
        return () -> served.forEach(Runnable::run);
    }

    private static Runnable handing(CompletableFuture<AgentLease> waiter, AgentLease lease) {
        return () -> {
            if (!waiter.complete(lease)) {
                lease.close();
            }
        };
    }

    Runnable refuse(RequestException refusal) {
        List<CompletableFuture<AgentLease>> refused = takeAll();
        return () -> refused.forEach(waiter -> waiter.completeExceptionally(refusal));
    }

    private List<CompletableFuture<AgentLease>> takeAll() {
        List<CompletableFuture<AgentLease>> all = waiting;
        waiting = new ArrayList<>();
        return all;
    }
}
