package dev.agentruntime.testagents;

import dev.agentruntime.sdk.AfterRestore;
import dev.agentruntime.sdk.AgentContext;
import dev.agentruntime.sdk.AgentEntrypoint;
import dev.agentruntime.sdk.AuthorizationRequiredException;
import dev.agentruntime.sdk.AgentTask;
import dev.agentruntime.sdk.BeforeSnapshot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Returns whatever kind of result the request's mode names. */
public class ProbeAgent {

    private static final Executor LATER = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);

    private final ConcurrentLinkedQueue<String> hooks = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<AgentTask> tasks = new ConcurrentLinkedQueue<>();
    private volatile CountDownLatch gate = new CountDownLatch(1);
    private volatile CompletableFuture<Void> cancelled = new CompletableFuture<>();

    @AgentEntrypoint(warmUp = "{\"mode\":\"warm-up\"}")
    public Object invoke(Map<String, String> request, AgentContext context) throws Exception {
        return switch (request.get("mode")) {
            case "object" -> Map.of("session", context.sessionId(), "header", context.header("X-Probe").orElse(""));
            case "warm-up" -> Map.of("warmUp", context.isWarmUp());
            case "text" -> "two\nlines and \"quotes\"";
            case "null" -> null;
            case "bytes" -> "raw".getBytes(StandardCharsets.UTF_8);
            case "stream of bytes" -> new ByteArrayInputStream("raw stream".getBytes(StandardCharsets.UTF_8));
            case "bytes that never come" -> new Torn(0);
            case "stage of bytes that never come" -> CompletableFuture.supplyAsync(() -> new Torn(0), LATER);
            case "torn bytes" -> new Torn(100_000);
            case "stage of torn bytes" -> CompletableFuture.supplyAsync(() -> new Torn(100_000), LATER);
            case "throw" -> throw new IOException(request.get("message"));
            case "consent" -> throw new AuthorizationRequiredException("github", "https://idp/authorize?x=1", "urn:1");
            case "stage of consent" -> CompletableFuture.supplyAsync(() -> {
                throw new AuthorizationRequiredException("github", "https://idp/authorize?x=1", "urn:1");
            }, LATER);
            case "publisher of consent" -> new Numbers(1, new AuthorizationRequiredException("github", "https://idp/authorize?x=1", "urn:1"));
            case "knot" -> new Knot();
            case "stage of knot" -> CompletableFuture.supplyAsync(Knot::new, LATER);
            case "publisher of knot" -> new Numbers(1, null) {
                @Override
                Object item(int number) {
                    return new Knot();
                }
            };
            case "unwritable" -> new Unwritable();
            case "stream" -> Stream.of("one", Map.of("n", 2), List.of(3));
            case "gated stream" -> gatedStream();
            case "gated publisher" -> gatedPublisher();
            case "stage of gated stream" -> CompletableFuture.supplyAsync(this::gatedStream, LATER);
            case "stage of gated publisher" -> CompletableFuture.supplyAsync(this::gatedPublisher, LATER);
            case "open gate" -> openGate();
            case "failing stream" -> IntStream.rangeClosed(1, 3).mapToObj(ProbeAgent::failAtThree);
            case "publisher" -> new Numbers(4, null);
            case "failing publisher" -> new Numbers(2, new IllegalStateException("out of numbers"));
            case "endless publisher" -> new Numbers(Integer.MAX_VALUE, null);
            case "cancelled?" -> cancelled.orTimeout(20, TimeUnit.SECONDS).thenApply(done -> "cancelled");
            case "stage" -> CompletableFuture.supplyAsync(() -> Map.of("late", true), LATER);
            case "finished stage" -> CompletableFuture.completedFuture("at once");
            case "stage of publisher" -> CompletableFuture.supplyAsync(() -> new Numbers(2, null), LATER);
            case "failing stage" -> CompletableFuture.supplyAsync(() -> {
                throw new IllegalStateException("too late");
            }, LATER);
            case "start task" -> tasks.add(context.tasks().start("probe"));
            case "end task" -> end(tasks.remove());
            case "run hooks" -> runHooks();
            default -> throw new IllegalArgumentException("no mode " + request.get("mode"));
        };
    }

    @BeforeSnapshot
    public void quiet() {
        hooks.add("quiet");
    }

    @AfterRestore
    public void awake(String sessionId) {
        hooks.add("awake " + sessionId);
    }

    /** As the platform does it: through the MBean server, on a thread that knows nothing of the application. */
    private List<String> runHooks() throws Exception {
        hooks.clear();
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        FutureTask<Object> calls = new FutureTask<>(() -> {
            for (ObjectName name : beans.queryNames(new ObjectName("dev.agentruntime:type=Hooks,*"), null)) {
                beans.invoke(name, "beforeSnapshot", new Object[0], new String[0]);
                beans.invoke(name, "afterRestore", new Object[] {"s-9"}, new String[] {"java.lang.String"});
            }
            return null;
        });
        Thread stranger = new Thread(calls, "stranger");
        stranger.setContextClassLoader(null);
        stranger.start();
        calls.get(20, TimeUnit.SECONDS);
        return List.copyOf(hooks);
    }

    private Stream<String> gatedStream() {
        CountDownLatch mine = new CountDownLatch(1);
        gate = mine;
        return Stream.of("before", "after").peek(item -> {
            if (item.equals("after")) {
                await(mine);
            }
        });
    }

    /** The stream's items, each on a thread that is not the container's. */
    private Flow.Publisher<String> gatedPublisher() {
        Iterator<String> items = gatedStream().iterator();
        return subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long n) {
                LATER.execute(this::emit);
            }

            @Override
            public void cancel() {
                openGate();
            }

            private void emit() {
                if (items.hasNext()) {
                    subscriber.onNext(items.next());
                } else {
                    subscriber.onComplete();
                }
            }
        });
    }

    private String openGate() {
        gate.countDown();
        return "open";
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody opened the gate: the first event did not arrive");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String end(AgentTask task) {
        task.close();
        return "ended";
    }

    private static int failAtThree(int n) {
        if (n == 3) {
            throw new IllegalStateException("three is too many");
        }
        return n;
    }

    /** Cannot be written as JSON. */
    public static final class Unwritable {
        public String getValue() {
            throw new IllegalStateException("no value");
        }
    }

    /** Has no end as JSON. */
    public static final class Knot {
        public Knot getKnot() {
            return new Knot();
        }
    }

    /** Breaks after some bytes. */
    private static final class Torn extends InputStream {
        private int left;

        Torn(int bytes) {
            left = bytes;
        }

        @Override
        public int read() {
            if (left == 0) {
                throw new IllegalStateException("the page is torn");
            }
            left--;
            return 'x';
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            target[offset] = (byte) read();
            return 1;
        }
    }

    /** Counts, each number a moment after it was asked for, on a thread that is not the container's. */
    private class Numbers implements Flow.Publisher<Object> {

        private final int last;
        private final RuntimeException failure;

        Numbers(int last, RuntimeException failure) {
            this.last = last;
            this.failure = failure;
        }

        Object item(int number) {
            return number;
        }

        @Override
        public void subscribe(Flow.Subscriber<? super Object> subscriber) {
            CompletableFuture<Void> whenCancelled = new CompletableFuture<>();
            cancelled = whenCancelled;
            subscriber.onSubscribe(new Flow.Subscription() {
                private volatile int next = 1;

                @Override
                public void request(long n) {
                    Executor soon = CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS);
                    soon.execute(this::emit);
                }

                @Override
                public void cancel() {
                    whenCancelled.complete(null);
                }

                private void emit() {
                    if (next <= last) {
                        subscriber.onNext(item(next++));
                    } else if (failure != null) {
                        subscriber.onError(failure);
                    } else {
                        subscriber.onComplete();
                    }
                }
            });
        }
    }
}
