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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The README's lines on servers of every level of Java EE, Jakarta EE and MicroProfile: what ran there before runs on. */
class FeatureLevelsIT {

    private static final String SERVER = "levels";
    private static final String BASE = "http://localhost:19092";

    @AfterEach
    void stop() {
        UntouchedLiberty.server("stop", SERVER);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "jakartaee-10.0", "pages-3.1 jdbc-4.2", "microProfile-6.0", "microProfile-6.1", "microProfile-7.0", "microProfile-7.1",
            "webProfile-10.0 microProfile-7.1"})
    void aServerOfJakartaEe10ServesAgentsBesideItsApplications(String features) {
        start(serverXml(features));

        assertThat(get("/agents/runtimes").statusCode()).as(log()).isEqualTo(401);
        assertThat(log()).contains("AGRT0001I").doesNotContain("AGRT0200E").doesNotContain("CWWKF0033E");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "javaee-7.0", "javaee-8.0", "webProfile-8.0", "jakartaee-9.1", "microProfile-4.1", "microProfile-5.0"})
    void aServerOfAnOlderLevelKeepsItsApplicationsAndIsToldWhyItHasNoAgents(String features) {
        start(serverXml(features));

        assertRefused();
    }

    @ParameterizedTest
    @ValueSource(strings = "the server.xml that server create writes")
    void aServerAsServerCreateMakesItKeepsItsApplications(String whole) throws IOException {
        Path folder = UntouchedLiberty.create(SERVER);
        start(Files.readString(folder.resolve("server.xml")).replace("</server>", """
                    <featureManager><feature>usr:agentRuntime-1.0</feature></featureManager>
                    <agentRuntime/>
                </server>
                """));

        assertRefused();
    }

    private static void assertRefused() {
        assertThat(get("/agents/runtimes").statusCode()).isEqualTo(404);
        assertThat(log()).contains("AGRT0200E").doesNotContain("AGRT0001I").doesNotContain("CWWKF0033E").doesNotContain("CWWKF0046W");
    }

    /** Starts the server and waits for its application, which is plain text, the same at every level. */
    private static void start(String serverXml) {
        Path folder = UntouchedLiberty.create(SERVER);
        try {
            ShrinkWrap.create(WebArchive.class, "plain.war").addAsWebResource(new StringAsset("an old page"), "page.txt")
                    .as(ZipExporter.class).exportTo(folder.resolve("dropins/plain.war").toFile(), true);
            Files.writeString(folder.resolve("server.xml"), serverXml);
            Path overrides = Files.createDirectories(folder.resolve("configDropins/overrides"));
            Files.createDirectories(folder.resolve("no-image"));
            // No guest image, so no virtual machine: this is about features.
            Files.writeString(overrides.resolve("test.xml"), """
                    <server>
                        <httpEndpoint id="defaultHttpEndpoint" httpPort="19092" httpsPort="-1"/>
                        <agentRuntime image="${server.config.dir}/no-image" acceleration="tcg"/>
                    </server>
                    """);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        UntouchedLiberty.server("start", SERVER);
        await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(500)).ignoreExceptions()
                .untilAsserted(() -> assertThat(get("/plain/page.txt").body()).isEqualTo("an old page"));
        await().atMost(Duration.ofSeconds(60)).until(() -> log().contains("AGRT0200E") || get("/agents/runtimes").statusCode() == 401);
    }

    private static String serverXml(String features) {
        return """
                <server>
                    <featureManager>%s</featureManager>
                    <featureManager><feature>usr:agentRuntime-1.0</feature></featureManager>
                    <agentRuntime/>
                </server>
                """.formatted(Stream.of(features.split(" ")).map(name -> "<feature>" + name + "</feature>").collect(Collectors.joining()));
    }

    private static HttpResponse<String> get(String path) {
        try {
            return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(BASE + path)).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String log() {
        try {
            return Files.readString(UntouchedLiberty.withTheFeature().resolve("usr/servers/levels/logs/messages.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
