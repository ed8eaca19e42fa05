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
import java.util.Arrays;
import java.util.List;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The feature goes by featureUtility into an Open Liberty that knows nothing of it and already runs an application. */
class UntouchedServerIT {

    private static final Path ROOT = Path.of(System.getProperty("root")).toAbsolutePath().normalize();
    private static final Path WLP = ROOT.resolve("arquillian-tests/target/untouched/wlp");
    private static final Path SERVER = WLP.resolve("usr/servers/shop");
    private static final String BASE = "http://localhost:19091";

    @BeforeAll
    static void anUntouchedServerWithAnApplication() throws IOException {
        Files.createDirectories(WLP.getParent());
        if (!Files.exists(WLP)) {
            run("cp", "-r", System.getProperty("liberty.home"), WLP.toString());
        }
        run("rm", "-rf", WLP.resolve("usr").toString()); // what other tests and earlier runs left there
        run(WLP.resolve("bin/server").toString(), "create", "shop");
        Neighbours.war().as(ZipExporter.class).exportTo(SERVER.resolve("apps/neighbour.war").toFile(), true);
        Files.writeString(SERVER.resolve("server.xml"), config(""));
    }

    @Test
    void featureUtilityInstallsItWhereTheMavenMirrorShowsNoFolders() {
        installed();

        assertThat(WLP.resolve("usr/extension/lib/features/agentRuntime-1.0.mf")).exists();
    }

    @Test
    void threeLinesBringAgentsToIt() throws IOException {
        installed();
        Files.createDirectories(SERVER.resolve("agents"));
        Files.copy(ROOT.resolve("examples/hello/target/hello.war"), SERVER.resolve("agents/hello.war"),
                StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(SERVER.resolve("server.xml"), config("""
                <featureManager><feature>usr:agentRuntime-1.0</feature></featureManager>
                <agentRuntime><agent name="hello" location="hello.war"/></agentRuntime>
                <mpJwt id="callers" issuer="%s" audiences="agent-runtime" jwksUri="%s/jwks"/>
                """.formatted(Identity.PROVIDER.issuer(), Identity.PROVIDER.issuer())));

        run(WLP.resolve("bin/server").toString(), "start", "shop");
        try {
            await().atMost(Duration.ofMinutes(10)).pollInterval(Duration.ofSeconds(1)).ignoreExceptions()
                    .untilAsserted(() -> assertThat(invoke()).contains("Ada"));
            assertThat(send(HttpRequest.newBuilder(URI.create(BASE + "/neighbour/hello")).build()))
                    .isEqualTo("an ordinary application");
        } finally {
            run(WLP.resolve("bin/server").toString(), "stop", "shop");
        }
    }

    private static void installed() {
        if (!Files.exists(WLP.resolve("usr/extension"))) {
            FeatureUtility.installInto(WLP);
        }
    }

    private static String config(String lines) {
        return """
                <server>
                    <featureManager><feature>servlet-6.0</feature><feature>cdi-4.0</feature></featureManager>
                    <httpEndpoint id="defaultHttpEndpoint" httpPort="19091" httpsPort="-1"/>
                    <webApplication location="neighbour.war" contextRoot="/neighbour"/>
                %s</server>
                """.formatted(lines);
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

    private static void run(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes());
            assertThat(process.waitFor()).as("%s: %s", Arrays.toString(command), output).isZero();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(List.of(command).toString(), e);
        }
    }
}
