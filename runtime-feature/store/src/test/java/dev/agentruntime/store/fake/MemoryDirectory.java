package dev.agentruntime.store.fake;

import dev.agentruntime.api.Subject;
import dev.agentruntime.store.Claim;
import dev.agentruntime.store.DirectoryUnavailableException;
import dev.agentruntime.store.SessionDirectory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A directory in memory that can be made to fail, or to keep whoever asks waiting. */
public final class MemoryDirectory implements SessionDirectory {

    private record Id(String runtime, String sessionId) {}

    private final Map<Id, Subject> owners = new LinkedHashMap<>();
    private boolean closed;
    private CompletableFuture<Void> ready = CompletableFuture.completedFuture(null);

    /** From now on nobody's owner can be known. */
    public synchronized void fail() {
        ready = CompletableFuture.failedFuture(new DirectoryUnavailableException("The database of session ids does not answer."));
    }

    /** From now on claims complete when the directory works again. */
    public synchronized void hang() {
        ready = new CompletableFuture<>();
    }

    /** Answers those who wait, too. */
    public synchronized void work() {
        ready.complete(null);
        ready = CompletableFuture.completedFuture(null);
    }

    public synchronized Optional<Subject> owner(String runtime, String sessionId) {
        return Optional.ofNullable(owners.get(new Id(runtime, sessionId)));
    }

    @Override
    public synchronized CompletableFuture<Claim> claim(String runtime, String sessionId, Subject subject, String serverId) {
        return ready.thenApply(nothing -> claimed(new Id(runtime, sessionId), subject));
    }

    private synchronized Claim claimed(Id id, Subject subject) {
        Subject before = owners.putIfAbsent(id, subject);
        return before == null ? new Claim(subject, true) : new Claim(before, false);
    }

    @Override
    public synchronized void remember(String runtime, String sessionId, Subject subject, String serverId) {
        owners.putIfAbsent(new Id(runtime, sessionId), subject);
    }

    @Override
    public void tick() {}

    @Override
    public synchronized void close() {
        closed = true;
    }

    public synchronized boolean isClosed() {
        return closed;
    }
}
