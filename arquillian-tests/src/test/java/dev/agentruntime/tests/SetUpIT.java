package dev.agentruntime.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The README's lines on servers that were set up in different ways; no virtual machine is needed to see who gets in. */
class SetUpIT {

    private static final int PORT = 19093;
    private static final String CORS = """
            <cors domain="/agents" allowedOrigins="https://shop.example" allowedMethods="GET, POST, DELETE"
                  allowedHeaders="authorization, content-type" maxAge="60"/>
            """;

    private OwnServer server;

    @BeforeEach
    void create() {
        server = OwnServer.create("setup", PORT);
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<keyStore id=\"defaultKeyStore\" password=\"of-its-own\"/>"})
    void theReadmesLinesTakeTokensOnAServerWithAndWithoutAKeyStoreOfItsOwn(String line) {
        start(line);

        assertThat(server.get("/agents/runtimes", Identity.PROVIDER.invoker("alice")).statusCode()).as(server.log()).isEqualTo(200);
        assertThat(server.log()).doesNotContain("CWPKI0033E").doesNotContain("AGRT3020E");
    }

    @Test
    void aServerThatFallsBackToPasswordsSaysThatItTakesNoTokens() {
        configure("");
        server.write("server.env", ""); // no password for a key store
        server.start();

        await().atMost(Duration.ofMinutes(3)).untilAsserted(() -> assertThat(server.log()).contains("AGRT3020E"));
        assertThat(server.get("/agents/runtimes", Identity.PROVIDER.invoker("alice")).statusCode()).isEqualTo(401);
    }

    @Test
    void aTokenWithASubjectAndNoUserPrincipalNameIsTaken() {
        start("");

        HttpResponse<String> answer = server.get("/agents/runtimes", Identity.PROVIDER.onlyWithSubject("alice"));

        assertThat(answer.statusCode()).as(server.log()).isEqualTo(200);
    }

    @Test
    void aBrowsersPreflightIsAnsweredWithoutAToken() {
        start(CORS);

        HttpResponse<String> answer = options("/agents/runtimes/hello/invocations", true);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).contains("https://shop.example");
        assertThat(server.get("/agents/runtimes").statusCode()).isEqualTo(401);
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

    private void start(String more) {
        configure(more);
        server.start();
        // Liberty makes the key store while it starts, and takes no token before.
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions()
                .until(() -> server.get("/agents/runtimes", Identity.PROVIDER.invoker("alice")).statusCode() == 200);
    }

    private void configure(String more) {
        server.write("server.xml", """
                <server>
                    <featureManager><feature>usr:agentRuntime-1.0</feature></featureManager>
                    <agentRuntime image="${server.config.dir}" acceleration="tcg"/>
                    <mpJwt id="defaultMpJwt" userNameAttribute="sub"/>
                    <variable name="mp.jwt.verify.issuer" value="%s"/>
                    <variable name="mp.jwt.verify.audiences" value="agent-runtime"/>
                    <variable name="mp.jwt.verify.publickey.location" value="%s/jwks"/>
                    %s
                    %s
                </server>
                """.formatted(Identity.PROVIDER.issuer(), Identity.PROVIDER.issuer(), server.endpoint(), more));
    }

    private HttpResponse<String> options(String path, boolean origin) {
        HttpRequest.Builder request = server.request(path).method("OPTIONS", HttpRequest.BodyPublishers.noBody());
        return OwnServer.send((origin ? request.header("Origin", "https://shop.example")
                .header("Access-Control-Request-Method", "POST").header("Access-Control-Request-Headers", "authorization") : request).build());
    }
}
