package dev.agentruntime.identity;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Lets one do what many ask for at the same time. Thread-safe; blocks.
 *
 * @param <K> what is asked for
 * @param <V> what comes of it
 */
final class Flights<K, V> {

    private static final int PATIENCE_SECONDS = 120;

    private final Map<K, CompletableFuture<V>> flying = new ConcurrentHashMap<>();

    /** What comes of {@code work}, or of that which another is doing for the same key; its exception too. */
    V fly(K key, Supplier<V> work) {
        CompletableFuture<V> own = new CompletableFuture<>();
        CompletableFuture<V> others = flying.putIfAbsent(key, own);
        if (others != null) {
            return of(others);
        }
        try {
            V done = work.get();
            own.complete(done);
            return done;
        } catch (RuntimeException | Error e) {
            own.completeExceptionally(e);
            throw e;
        } finally {
            flying.remove(key, own);
        }
    }

    private static <V> V of(CompletableFuture<V> others) {
        try {
            return others.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProviderException("the server stops", e);
        } catch (TimeoutException e) {
            throw new ProviderException("it takes more than " + PATIENCE_SECONDS + " seconds", e);
        }
    }
}
