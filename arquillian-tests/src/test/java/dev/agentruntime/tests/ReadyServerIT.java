package dev.agentruntime.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the ready server's own server.xml and jvm.options promise; an application beside the agents shows it without a VM. */
class ReadyServerIT {

    private static final int PORT = 19094;
    private static OwnServer server;

    @BeforeAll
    static void start() throws IOException {
        server = OwnServer.create("ready", PORT);
        Path config = UntouchedLiberty.ROOT.resolve("server-config/src/main/liberty/config");
        for (String file : new String[] {"server.xml", "jvm.options"}) {
            server.write(file, Files.readString(config.resolve(file)));
        }
        server.write("configDropins/overrides/test.xml", """
                <server>
                    <variable name="http.port" value="%d"/>
                    <variable name="https.port" value="-1"/>
                    <agentRuntime image="${server.config.dir}" acceleration="tcg"/>
                </server>
                """.formatted(PORT));
        server.write("dropins/beside.war", ShrinkWrap.create(WebArchive.class, "beside.war").addClass(Echo.class));
        server.start();
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> post(new byte[] {1}, "identity").body().length == 1);
    }

    @AfterAll
    static void stop() {
        server.stop();
    }

    @Test
    void manyLargeBodiesOfAClientThatWouldRatherSpeakHttp2LeaveTheHealthCheckAnswering() throws Exception {
        HttpClient uploads = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        assertThat(send(uploads, health()).version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        HttpRequest upload = request("identity").POST(BodyPublishers.ofByteArray(new byte[200_000])).build();
        HttpClient probe = HttpClient.newHttpClient();

        for (int round = 0; round < 3; round++) {
            CompletableFuture<?> all = CompletableFuture.allOf(IntStream.range(0, 40)
                    .mapToObj(one -> uploads.sendAsync(upload, BodyHandlers.ofByteArray())).toArray(CompletableFuture[]::new));
            do {
                assertThat(send(probe, health()).statusCode()).isEqualTo(200); // within the request's limit in time
            } while (!all.isDone());
            all.join();
        }
    }

    @Test
    void aCompressedBodyArrivesAsItWasSent() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(body)) {
            gzip.write("Ada ".repeat(1000).getBytes());
        }

        assertThat(post(body.toByteArray(), "gzip").body()).isEqualTo(body.toByteArray());
    }

    private static HttpRequest health() {
        return server.request("/health/live").timeout(Duration.ofSeconds(5)).build();
    }

    private static HttpRequest.Builder request(String encoding) {
        return server.request("/beside/echo").header("Content-Encoding", encoding);
    }

    private static HttpResponse<byte[]> post(byte[] body, String encoding) {
        return send(HttpClient.newHttpClient(), request(encoding).POST(BodyPublishers.ofByteArray(body)).build());
    }

    private static HttpResponse<byte[]> send(HttpClient client, HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new AssertionError("No answer to " + request, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
