package dev.agentruntime.invocation;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Asks the front door without a token until its challenge asks for one, and gives up after a time. What Liberty does with tokens
 * can be seen from outside only: a request that it refuses reaches no servlet. Not blocking; thread-safe.
 */
final class SignIn implements AutoCloseable {

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Supplier<Optional<URI>> door;
    private final Duration patience;
    private final Duration pause;
    private final Runnable noTokens;
    private final long begun = System.nanoTime();
    private volatile boolean closed;

    /**
     * @param door     a path that only a token opens; empty while the server does not listen
     * @param patience how long another challenge is no fault yet
     * @param pause    between two requests
     * @param noTokens runs once if the challenge still asks for user and password at the end
     */
    SignIn(Supplier<Optional<URI>> door, Duration patience, Duration pause, Runnable noTokens) {
        this.door = door;
        this.patience = patience;
        this.pause = pause;
        this.noTokens = noTokens;
    }

    void begin() {
        door.get().map(this::challenge).orElseGet(() -> CompletableFuture.completedFuture("")).whenComplete((challenge, noAnswer) -> {
            if (closed || noAnswer == null && challenge.startsWith("Bearer")) {
                return;
            }
            if (System.nanoTime() - begun < patience.toNanos()) {
                CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS).execute(this::begin);
            } else if (noAnswer == null && challenge.startsWith("Basic")) {
                noTokens.run();
            }
        });
    }

    private CompletableFuture<String> challenge(URI path) {
        HttpRequest request = HttpRequest.newBuilder(path).timeout(Duration.ofSeconds(10)).build();
        return client.sendAsync(request, BodyHandlers.discarding()).thenApply(SignIn::challenge);
    }

    private static String challenge(HttpResponse<Void> answer) {
        return answer.headers().firstValue("WWW-Authenticate").orElse("");
    }

    @Override
    public void close() {
        closed = true;
    }
}
