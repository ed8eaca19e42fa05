package dev.agentruntime.sdk;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A request that goes the whole way of an invocation, so that a template of this application has loaded and compiled what
 * an invocation needs; into the agent's method only where {@link AgentEntrypoint#warmUp()} gives it a body. A platform may
 * send it before there is a session; to say that it may, the ping carries {@link #OFFERED}.
 */
final class WarmUp {

    static final String OFFERED = "X-Agent-Runtime-Warm-Up-Offered";
    static final String ASKED = "X-Agent-Runtime-Warm-Up";
    private static final Map<String, String> ANSWER = Map.of("status", "warm");

    private WarmUp() {}

    /** An answer that takes the way which results of this type take. */
    static Object answerLike(Class<?> result) {
        if (CompletionStage.class.isAssignableFrom(result)) {
            return CompletableFuture.supplyAsync(() -> ANSWER, CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS));
        }
        if (Flow.Publisher.class.isAssignableFrom(result)) {
            return (Flow.Publisher<Object>) WarmUp::publish;
        }
        return Stream.class.isAssignableFrom(result) ? Stream.of(ANSWER) : ANSWER;
    }

    private static void publish(Flow.Subscriber<? super Object> subscriber) {
        try (SubmissionPublisher<Object> publisher = new SubmissionPublisher<>()) {
            publisher.subscribe(subscriber);
            publisher.submit(ANSWER);
        }
    }
}
