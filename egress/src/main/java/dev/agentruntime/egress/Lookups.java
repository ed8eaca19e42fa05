package dev.agentruntime.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Asks the host's resolver, which blocks, on a few threads of its own. Thread-safe; no method blocks. */
final class Lookups implements AutoCloseable {

    /** Finds the addresses of a name. Blocks. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] resolve(String name) throws UnknownHostException;
    }

    private static final int THREADS = 8;
    private static final int WAITING = 500;

    private final Resolver resolver;
    private final ThreadPoolExecutor threads;

    Lookups(Resolver resolver) {
        this.resolver = resolver;
        this.threads = new ThreadPoolExecutor(THREADS, THREADS, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), work -> {
            Thread thread = new Thread(work, "agent-runtime-lookup");
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Fails with {@link Refusal.RefusedException}. */
    CompletableFuture<List<InetAddress>> find(Host host) {
        if (host instanceof Host.Literal literal) {
            return CompletableFuture.completedFuture(List.of(literal.address()));
        }
        CompletableFuture<List<InetAddress>> found = new CompletableFuture<>();
        try {
            threads.execute(() -> ask(host.plain(), found));
        } catch (RejectedExecutionException e) {
            found.completeExceptionally(Refusal.unreachable("The name " + host + " cannot be looked up now: " + WAITING
                    + " names wait for the host's resolver. See whether it answers.").exception());
        }
        return found;
    }

    private void ask(String name, CompletableFuture<List<InetAddress>> found) {
        if (found.isDone()) {
            return;
        }
        try {
            found.complete(List.of(resolver.resolve(name)));
        } catch (UnknownHostException e) {
            found.completeExceptionally(Refusal.unreachable("The host's resolver knows no " + name + ".").exception());
        } catch (RuntimeException | Error e) {
            found.completeExceptionally(e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
