package dev.agentruntime.testkit;

import dev.agentruntime.sdk.AgentContext;
import dev.agentruntime.sdk.AgentEntrypoint;
import dev.agentruntime.sdk.Caller;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Calls an agent's entrypoint in the test's own process, with a context and a clock that the test sets. Nothing is sent, and no JSON is
 * made: body and result are the agent's own objects. Each test begins with a new context.
 *
 * <pre>{@code
 * @RegisterExtension
 * final AgentTestKit kit = new AgentTestKit();
 * }</pre>
 */
public final class AgentTestKit implements BeforeEachCallback {

    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int MOST_EVENTS = 100_000;

    private final TestClock clock = new TestClock(Instant.EPOCH);
    private final Map<String, String> header = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private TestTasks tasks = new TestTasks(clock);
    private String session = "";
    private Optional<Caller> caller = Optional.empty();
    private int requests;

    public AgentTestKit() {
        begin();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        begin();
    }

    private void begin() {
        clock.set(Instant.parse("2026-01-01T12:00:00Z"));
        header.clear();
        tasks = new TestTasks(clock);
        session = "test-session-00000000000000000000000001";
        caller = Optional.of(new Caller("https://issuer.example", "alice"));
        requests = 0;
    }

    /** Begins at noon of 1 January 2026, UTC, in each test. */
    public TestClock clock() {
        return clock;
    }

    /** The next calls are of this session. */
    public AgentTestKit session(String id) {
        session = id;
        return this;
    }

    /** Who makes the next calls. */
    public AgentTestKit caller(String issuer, String subject) {
        caller = Optional.of(new Caller(issuer, subject));
        return this;
    }

    /** A header of the next calls. */
    public AgentTestKit header(String name, String value) {
        header.put(name, value);
        return this;
    }

    /** As {@code GET /ping} would say it: {@code Healthy}, or {@code HealthyBusy} while a task is open. */
    public String ping() {
        return tasks.open().isEmpty() ? "Healthy" : "HealthyBusy";
    }

    /** The context of the next call. */
    public AgentContext context() {
        Map<String, String> own = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        own.putAll(header);
        return new TestContext(session, "request-" + ++requests, caller, own, tasks);
    }

    /**
     * Calls the method with {@link AgentEntrypoint}, and waits for what it promises.
     *
     * @param body null where the method takes none; an object of the class that it takes
     * @return what the method returns; of a stage what it comes to
     * @throws RuntimeException what the method throws; a checked one as the cause of an {@link AgentFailedException}
     */
    public Object invoke(Object agent, Object body) {
        Method entrypoint = entrypoint(agent.getClass());
        Object[] arguments = Arrays.stream(entrypoint.getParameterTypes()).map(type -> type == AgentContext.class ? context() : body).toArray();
        try {
            entrypoint.setAccessible(true);
            return awaited(entrypoint.invoke(agent, arguments));
        } catch (InvocationTargetException e) {
            throw failed(e.getCause());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(entrypoint + " does not take " + (body == null ? "no body" : "a " + body.getClass().getName()), e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(entrypoint + " cannot be called", e);
        }
    }

    /**
     * The same, of an agent that answers with events.
     *
     * @return all of them; the publisher is asked for one at a time, as the platform does
     */
    public List<Object> events(Object agent, Object body) {
        Object result = invoke(agent, body);
        if (result instanceof Stream<?> stream) {
            try (stream) {
                return new ArrayList<>(stream.limit(MOST_EVENTS).toList());
            }
        }
        if (result instanceof Flow.Publisher<?> publisher) {
            Collector all = new Collector();
            publisher.subscribe(all);
            return all.items();
        }
        throw new IllegalStateException("The agent answered with " + result + ", which is neither a Stream nor a Flow.Publisher");
    }

    private static Method entrypoint(Class<?> type) {
        List<Method> found = Arrays.stream(type.getMethods()).filter(method -> method.isAnnotationPresent(AgentEntrypoint.class) && !method.isBridge()).toList();
        if (found.size() != 1) {
            throw new IllegalStateException(type.getName() + " has " + found.size() + " public methods with @AgentEntrypoint; an agent has one");
        }
        return found.get(0);
    }

    private static Object awaited(Object result) {
        if (!(result instanceof CompletionStage<?> stage)) {
            return result;
        }
        return got(stage.toCompletableFuture());
    }

    private static <T> T got(CompletableFuture<T> future) {
        try {
            return future.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the agent worked", e);
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("The agent did not come to an end within " + LONGEST.toSeconds() + " s", e);
        }
    }

    private static RuntimeException failed(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException unchecked ? unchecked : new AgentFailedException(cause);
    }

    /** Takes one event after another. */
    private static final class Collector implements Flow.Subscriber<Object> {
        private final List<Object> items = new ArrayList<>();
        private final CompletableFuture<List<Object>> all = new CompletableFuture<>();
        private Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            subscription.request(1);
        }

        @Override
        public void onNext(Object item) {
            items.add(item);
            if (items.size() < MOST_EVENTS) {
                subscription.request(1);
            } else {
                subscription.cancel();
                all.complete(items);
            }
        }

        @Override
        public void onError(Throwable failure) {
            all.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            all.complete(items);
        }

        List<Object> items() {
            return got(all);
        }
    }
}
