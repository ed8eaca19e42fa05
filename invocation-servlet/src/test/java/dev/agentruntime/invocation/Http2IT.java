package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2, whose writes wait for the other end's window in Liberty. */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
class Http2IT {

    private final TestDoor door = TestDoor.open();
    private final HttpClient http2 = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

    @Test
    void manyRequestsOnOneConnectionHoldUpNobodyElse() throws Exception {
        assertThat(http2.send(invoke().POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofString()).version())
                .isEqualTo(HttpClient.Version.HTTP_2);
        byte[] body = new byte[200_000];
        List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            answers.add(http2.sendAsync(invoke().POST(BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofByteArray()));
        }
        long worst = 0;
        long end = System.nanoTime() + Duration.ofSeconds(8).toNanos();
        while (System.nanoTime() < end) {
            long begun = System.nanoTime();
            assertThat(TestDoor.HTTP.send(HttpRequest.newBuilder(LibertyServer.ROOT.resolve("/health/live")).timeout(Duration.ofSeconds(60))
                    .build(), BodyHandlers.discarding()).statusCode()).isEqualTo(200);
            worst = Math.max(worst, Duration.ofNanos(System.nanoTime() - begun).toMillis());
        }
        int whole = 0;
        for (CompletableFuture<HttpResponse<byte[]>> answer : answers) {
            try {
                whole += answer.get(20, TimeUnit.SECONDS).body().length == body.length ? 1 : 0;
            } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
                System.out.println("LAT " + e);
            }
        }
        System.out.printf("LAT 40 uploads over HTTP/2: %d whole, others' worst %d ms%n", whole, worst);
        assertThat(worst).isLessThan(2000);
        assertThat(whole).isEqualTo(40);
    }

    @Test
    void callersWhoDoNotReadTheirAnswersHoldUpNobodyElse() throws Exception {
        http2.send(invoke().POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofString());
        List<CompletableFuture<HttpResponse<InputStream>>> unread = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            unread.add(http2.sendAsync(invoke().header(TestAgent.DO, "large 40000000").POST(BodyPublishers.ofString("x")).build(),
                    BodyHandlers.ofInputStream()));
        }
        long worst = 0;
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (System.nanoTime() < end) {
            long begun = System.nanoTime();
            assertThat(TestDoor.send(door.invoke("echo", "").POST(BodyPublishers.ofString("x"))).statusCode()).isEqualTo(200);
            worst = Math.max(worst, Duration.ofNanos(System.nanoTime() - begun).toMillis());
        }
        System.out.printf("LAT 70 unread answers over HTTP/2: others' worst %d ms%n", worst);
        for (CompletableFuture<HttpResponse<InputStream>> answer : unread) {
            answer.thenAccept(one -> close(one.body()));
            answer.cancel(true);
        }
        assertThat(worst).isLessThan(3000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cut-in-chunk", "cut-between-chunks", "bad-chunk", "cut-in-length"})
    void anAnswerThatBreaksOffIsResetAndItsConnectionGoesOn(String mode) throws Exception {
        http2.send(invoke().POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofString());
        CompletableFuture<HttpResponse<String>> beside = http2.sendAsync(
                invoke().header(TestAgent.DO, "lag 1500").POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofString());
        HttpResponse<InputStream> cut = http2.send(TestDoor.authorized(TestDoor.uri("/runtimes/raw/invocations"), door.alice)
                .header(TestAgent.DO, mode).POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofInputStream());
        assertThat(cut.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(cut.statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> cut.body().readAllBytes()).isInstanceOf(IOException.class).hasStackTraceContaining("stream");
        assertThat(beside.get(20, TimeUnit.SECONDS).body()).isEqualTo("{\"late\":true}");
    }

    @Test
    void anEventStreamThatBreaksOffEndsWithItsErrorEvent() throws Exception {
        http2.send(invoke().POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofString());
        HttpResponse<String> answer = http2.send(invoke().header(TestAgent.DO, "cut-late").POST(BodyPublishers.ofString("x")).build(),
                BodyHandlers.ofString());
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.body()).contains("data: half").contains("event: error");
    }

    @Test
    void anAnswerBeyondTheShareOfWhoDoesNotReadIsReset() throws Exception {
        http2.send(invoke().POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofString());
        List<CompletableFuture<Integer>> first = new ArrayList<>();
        List<HttpResponse<InputStream>> unread = new CopyOnWriteArrayList<>();
        ExecutorService readers = Executors.newCachedThreadPool();
        try {
            for (int i = 0; i < SlowWrites.MOST_OF_ONE + 10; i++) {
                HttpResponse<InputStream> answer = http2.send(invoke().header(TestAgent.DO, "large 40000000")
                        .POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofInputStream());
                unread.add(answer);
                first.add(CompletableFuture.supplyAsync(() -> read(answer.body()), readers));
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> first.stream().anyMatch(CompletableFuture::isCompletedExceptionally));
        } finally {
            unread.forEach(answer -> close(answer.body()));
            readers.shutdownNow();
        }
    }

    private static int read(InputStream body) {
        try {
            return body.read();
        } catch (IOException reset) {
            throw new UncheckedIOException(reset);
        }
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (java.io.IOException alreadyGone) {
            // The test is over.
        }
    }

    private HttpRequest.Builder invoke() {
        return TestDoor.authorized(TestDoor.uri("/runtimes/echo/invocations"), door.alice);
    }
}
