package dev.agentruntime.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A thousand sessions in the list, and how long its pages take, which is printed: with {@code -Dlong=true} only. */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
@EnabledIfSystemProperty(named = "long", matches = "true")
class ManySessionsIT {

    private static final int SESSIONS = 1000;
    private static final int PAGES = 100;
    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Tokens tokens = new Tokens();

    ManySessionsIT() throws Exception {}

    private static HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(ConsoleServer.ROOT + path)).timeout(Duration.ofSeconds(60));
    }

    private int begin(String token) throws Exception {
        return HTTP.send(to("/agents/runtimes/configured-one/invocations").header("Authorization", "Bearer " + token)
                .header("X-Amzn-Bedrock-AgentCore-Runtime-Session-Id", "of-many-" + UUID.randomUUID()).POST(BodyPublishers.ofString("{}")).build(),
                BodyHandlers.discarding()).statusCode();
    }

    @Test
    void aThousandSessionsAreListedPageByPage(@TempDir Path folder) throws Exception {
        try (ConsoleServer server = new ConsoleServer(folder, tokens)) {
            String token = tokens.token("alice", "agent-invoker");
            await().atMost(Duration.ofMinutes(2)).ignoreExceptions().untilAsserted(() -> assertThat(begin(token)).isEqualTo(200));
            beginTheOthers(token);
            HttpResponse<Void> in = HTTP.send(to("/agents/console/login").POST(BodyPublishers.ofString("user=ada&password=adas-password")).build(), BodyHandlers.discarding());
            String cookie = in.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
            List<Long> millis = new ArrayList<>();
            for (int i = 0; i < 20 + PAGES; i++) {
                long from = System.nanoTime();
                String page = HTTP.send(to("/agents/console/sessions?sort=cpu&page=" + (1 + i % 20)).header("Cookie", cookie).build(), BodyHandlers.ofString()).body();
                if (i >= 20) {
                    millis.add(Duration.ofNanos(System.nanoTime() - from).toMillis());
                }
                assertThat(page).contains(SESSIONS + " in all");
            }
            millis.sort(null);
            System.out.printf("Page of %d sessions, n=%d: p50 %d ms, p95 %d ms, max %d ms%n", SESSIONS, PAGES, millis.get(PAGES / 2), millis.get(PAGES * 95 / 100),
                    millis.get(PAGES - 1));
        }
    }

    private void beginTheOthers(String token) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> begun = new ArrayList<>();
            for (int i = 1; i < SESSIONS; i++) {
                begun.add(callers.submit(() -> begin(token)));
            }
            for (Future<Integer> one : begun) {
                assertThat(one.get()).isEqualTo(200);
            }
        } finally {
            callers.shutdownNow();
        }
    }
}
