package dev.agentruntime.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.junit.jupiter.api.Test;

/** The feature goes by featureUtility into an Open Liberty that knows nothing of it and already runs an application. */
class UntouchedServerIT {

    private static final String BASE = "http://localhost:19091";

    @Test
    void featureUtilityInstallsItWhereTheMavenMirrorShowsNoFolders() {
        assertThat(UntouchedLiberty.withTheFeature().resolve("usr/extension/lib/features/agentRuntime-1.0.mf")).exists();
    }

    @Test
    void threeLinesBringAgentsToIt() throws IOException {
        Path server = UntouchedLiberty.create("shop");
        Neighbours.war().as(ZipExporter.class).exportTo(server.resolve("apps/neighbour.war").toFile(), true);
        Files.createDirectories(server.resolve("agents"));
        Files.copy(UntouchedLiberty.ROOT.resolve("examples/hello/target/hello.war"), server.resolve("agents/hello.war"),
                StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(server.resolve("server.xml"), """
                <server>
                    <featureManager><feature>servlet-6.0</feature><feature>cdi-4.0</feature></featureManager>
                    <httpEndpoint id="defaultHttpEndpoint" httpPort="19091" httpsPort="-1"/>
                    <webApplication location="neighbour.war" contextRoot="/neighbour"/>
                    <featureManager><feature>usr:agentRuntime-1.0</feature></featureManager>
                    <agentRuntime><agent name="hello" location="hello.war"/></agentRuntime>
                    <mpJwt id="callers" issuer="%s" audiences="agent-runtime" jwksUri="%s/jwks"/>
                </server>
                """.formatted(Identity.PROVIDER.issuer(), Identity.PROVIDER.issuer()));

        UntouchedLiberty.server("start", "shop");
        try {
            await().atMost(Duration.ofMinutes(10)).pollInterval(Duration.ofSeconds(1)).ignoreExceptions()
                    .untilAsserted(() -> assertThat(invoke()).contains("Ada"));
            assertThat(send(HttpRequest.newBuilder(URI.create(BASE + "/neighbour/hello")).build()))
                    .isEqualTo("an ordinary application");
        } finally {
            UntouchedLiberty.server("stop", "shop");
        }
    }

    private static String invoke() {
        return send(HttpRequest.newBuilder(URI.create(BASE + "/agents/runtimes/hello/invocations"))
                .header("Authorization", "Bearer " + Identity.PROVIDER.invoker("alice"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\": \"Ada\"}")).build());
    }

    private static String send(HttpRequest request) {
        try {
            return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
