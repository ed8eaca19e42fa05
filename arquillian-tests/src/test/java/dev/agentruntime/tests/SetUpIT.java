package dev.agentruntime.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The README's lines on servers that were set up in different ways; no virtual machine is needed to see who gets in. */
class SetUpIT {

    private static final String SERVER = "setup";
    private static final String BASE = "http://localhost:19093";
    private static final String CORS = """
            <cors domain="/agents" allowedOrigins="https://shop.example" allowedMethods="GET, POST, DELETE"
                  allowedHeaders="authorization, content-type" maxAge="60"/>
            """;

    @AfterEach
    void stop() {
        UntouchedLiberty.server("stop", SERVER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<keyStore id=\"defaultKeyStore\" password=\"of-its-own\"/>"})
    void theReadmesLinesTakeTokensOnAServerWithAndWithoutAKeyStoreOfItsOwn(String line) {
        start(line);

        assertThat(get("/agents/runtimes", Identity.PROVIDER.invoker("alice")).statusCode()).as(log()).isEqualTo(200);
        assertThat(log()).doesNotContain("CWPKI0033E").doesNotContain("AGRT3020E");
    }

    @Test
    void aServerThatFallsBackToPasswordsSaysThatItTakesNoTokens() throws IOException {
        Path folder = prepare("");
        Files.writeString(folder.resolve("server.env"), ""); // no password for a key store
        UntouchedLiberty.server("start", SERVER);

        await().atMost(Duration.ofMinutes(3)).untilAsserted(() -> assertThat(log()).contains("AGRT3020E"));
        assertThat(get("/agents/runtimes", Identity.PROVIDER.invoker("alice")).statusCode()).isEqualTo(401);
    }

    @Test
    void aTokenWithASubjectAndNoUserPrincipalNameIsTaken() {
        start("");

        HttpResponse<String> answer = get("/agents/runtimes", Identity.PROVIDER.onlyWithSubject("alice"));

        assertThat(answer.statusCode()).as(log()).isEqualTo(200);
    }

    @Test
    void aBrowsersPreflightIsAnsweredWithoutAToken() {
        start(CORS);

        HttpResponse<String> answer = options("/agents/runtimes/hello/invocations", true);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).contains("https://shop.example");
        assertThat(get("/agents/runtimes", "").statusCode()).isEqualTo(401);
    }

    @Test
    void optionsWithoutCorsAreTheSameForEveryPath() {
        start("");

        List<HttpResponse<String>> answers = List.of(options("/agents/runtimes", false),
                options("/agents/runtimes/hello/invocations", false), options("/agents/no/such/path", true));

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.statusCode()).isEqualTo(405);
            assertThat(answer.headers().firstValue("Allow")).isEmpty();
            assertThat(answer.body()).isEqualTo(answers.get(0).body());
        });
    }

    private static void start(String more) {
        prepare(more);
        UntouchedLiberty.server("start", SERVER);
        // Liberty makes the key store while it starts, and takes no token before.
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions()
                .until(() -> get("/agents/runtimes", Identity.PROVIDER.invoker("alice")).statusCode() == 200);
    }

    private static Path prepare(String more) {
        Path folder = UntouchedLiberty.create(SERVER);
        try {
            Files.writeString(folder.resolve("server.xml"), """
                    <server>
                        <featureManager><feature>usr:agentRuntime-1.0</feature></featureManager>
                        <agentRuntime image="${server.config.dir}" acceleration="tcg"/>
                        <mpJwt id="defaultMpJwt" userNameAttribute="sub"/>
                        <variable name="mp.jwt.verify.issuer" value="%s"/>
                        <variable name="mp.jwt.verify.audiences" value="agent-runtime"/>
                        <variable name="mp.jwt.verify.publickey.location" value="%s/jwks"/>
                        <httpEndpoint id="defaultHttpEndpoint" httpPort="19093" httpsPort="-1"/>
                        %s
                    </server>
                    """.formatted(Identity.PROVIDER.issuer(), Identity.PROVIDER.issuer(), more));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    private static HttpResponse<String> get(String path, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(BASE + path));
        return send((token.isEmpty() ? request : request.header("Authorization", "Bearer " + token)).build());
    }

    private static HttpResponse<String> options(String path, boolean origin) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(BASE + path))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody());
        return send((origin ? request.header("Origin", "https://shop.example").header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization") : request).build());
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String log() {
        try {
            return Files.readString(UntouchedLiberty.withTheFeature().resolve("usr/servers/setup/logs/messages.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
