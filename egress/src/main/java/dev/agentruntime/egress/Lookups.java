package dev.agentruntime.egress;

import dev.agentruntime.net.Host;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * Asks the host's resolver, which blocks, on threads of its own. A session and an agent have a share of them, so that names which nobody
 * answers for hold up only those who ask for them. Thread-safe; no method blocks.
 */
final class Lookups implements AutoCloseable {

    /** Finds the addresses of a name. Blocks. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] resolve(String name) throws UnknownHostException;
    }

    /** Of many agents; a thread that waits for a name server costs little. */
    private static final int AT_ONCE = 256;
    private static final int OF_AGENT = 8;
    private static final int OF_SESSION = 4;
    private static final int WAITING_OF_SESSION = 32;

    private final Resolver resolver;
    private final ExecutorService threads;
    /** Guarded by this, as is what a share keeps. */
    private final Map<String, Integer> agents = new HashMap<>();
    private final Set<Share> waiting = new LinkedHashSet<>();
    private int running;

    Lookups(Resolver resolver) {
        this.resolver = resolver;
        this.threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "agent-runtime-lookup");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** One name that is being looked up, and who waits for it. */
    private record Ask(Share share, String name, List<CompletableFuture<List<InetAddress>>> askers) {}

    /** That of one session. */
    final class Share {

        private final String agent;
        private final Map<String, Ask> asks = new HashMap<>();
        private final Deque<Ask> next = new ArrayDeque<>();
        private int runs;

        private Share(String agent) {
            this.agent = agent;
        }

        /**
         * The addresses of a host. Whoever does not wait for them any more cancels it. Fails with {@link Refusal.RefusedException} where the
         * name is unknown or too many wait, otherwise with what the resolver threw.
         */
        CompletableFuture<List<InetAddress>> find(Host host) {
            if (host instanceof Host.Literal literal) {
                return CompletableFuture.completedFuture(List.of(literal.address()));
            }
            CompletableFuture<List<InetAddress>> found = new CompletableFuture<>();
            String name = host.plain();
            synchronized (Lookups.this) {
                if (!asks.containsKey(name) && next.size() >= WAITING_OF_SESSION) {
                    found.completeExceptionally(Refusal.unreachable("The name " + host + " cannot be looked up now: " + WAITING_OF_SESSION
                            + " names of this session wait for the host's resolver already.").exception());
                    return found;
                }
                asks.computeIfAbsent(name, this::ask).askers().add(found);
            }
            found.whenComplete((addresses, failure) -> {
                if (found.isCancelled()) {
                    left(name, found);
                }
            });
            begin();
            return found;
        }

        private Ask ask(String name) {
            Ask ask = new Ask(this, name, new ArrayList<>());
            next.addLast(ask);
            waiting.add(this);
            return ask;
        }

        /** A name that nobody waits for any more is not asked for. One that is asked for already keeps its place until it is answered. */
        private void left(String name, CompletableFuture<List<InetAddress>> asker) {
            synchronized (Lookups.this) {
                Ask ask = asks.get(name);
                if (ask != null && ask.askers().remove(asker) && ask.askers().isEmpty() && next.remove(ask)) {
                    asks.remove(name);
                }
            }
        }
    }

    Share share(String agent) {
        return new Share(agent);
    }

    private void begin() {
        for (Optional<Ask> ask = takeNext(); ask.isPresent(); ask = takeNext()) {
            Ask begun = ask.get();
            try {
                threads.execute(() -> resolve(begun));
            } catch (RejectedExecutionException closed) {
                done(begun).forEach(asker -> asker.completeExceptionally(closed));
            }
        }
    }

    /** The next one whose session and agent have a place, of the sessions in turn. */
    private synchronized Optional<Ask> takeNext() {
        if (running >= AT_ONCE) {
            return Optional.empty();
        }
        waiting.removeIf(share -> share.next.isEmpty());
        Optional<Share> turn = waiting.stream().filter(share -> share.runs < OF_SESSION && agents.getOrDefault(share.agent, 0) < OF_AGENT).findFirst();
        return turn.map(share -> {
            waiting.remove(share);
            waiting.add(share);
            running++;
            share.runs++;
            agents.merge(share.agent, 1, Integer::sum);
            return share.next.removeFirst();
        });
    }

    private void resolve(Ask ask) {
        try {
            List<InetAddress> addresses = List.of(resolver.resolve(ask.name()));
            done(ask).forEach(asker -> asker.complete(addresses));
        } catch (UnknownHostException e) {
            Refusal unknown = Refusal.unreachable("The host's resolver knows no " + ask.name() + ".");
            done(ask).forEach(asker -> asker.completeExceptionally(unknown.exception()));
        } catch (RuntimeException | Error e) {
            done(ask).forEach(asker -> asker.completeExceptionally(e));
        }
        begin();
    }

    private synchronized List<CompletableFuture<List<InetAddress>>> done(Ask ask) {
        running--;
        ask.share().runs--;
        agents.merge(ask.share().agent, -1, (count, less) -> count + less == 0 ? null : count + less);
        ask.share().asks.remove(ask.name());
        return List.copyOf(ask.askers());
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
