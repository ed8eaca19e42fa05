package dev.agentruntime.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The README's lines on servers of every level of Java EE, Jakarta EE and MicroProfile: what ran there before runs on. The first and the
 * last of each kind; those between them with -Dlong=true.
 */
class FeatureLevelsIT {

    private static final int PORT = 19092;

    private OwnServer server;

    @BeforeEach
    void create() {
        server = OwnServer.create("levels", PORT);
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"microProfile-6.0", "webProfile-10.0 microProfile-7.1"})
    void aServerOfJakartaEe10ServesAgentsBesideItsApplications(String features) {
        start(serverXml(features));

        assertThat(server.get("/agents/runtimes").statusCode()).as(server.log()).isEqualTo(401);
        assertThat(server.log()).contains("AGRT0001I").doesNotContain("AGRT0200E").doesNotContain("CWWKF0033E");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jakartaee-10.0", "pages-3.1 jdbc-4.2", "microProfile-6.1", "microProfile-7.0", "microProfile-7.1"})
    @EnabledIfSystemProperty(named = "long", matches = "true")
    void soDoesOneOfALevelBetweenThem(String features) {
        aServerOfJakartaEe10ServesAgentsBesideItsApplications(features);
    }

    @ParameterizedTest
    @ValueSource(strings = {"javaee-7.0", "jakartaee-9.1"})
    void aServerOfAnOlderLevelKeepsItsApplicationsAndIsToldWhyItHasNoAgents(String features) {
        start(serverXml(features));

        assertRefused();
    }

    @ParameterizedTest
    @ValueSource(strings = {"javaee-8.0", "webProfile-8.0", "microProfile-4.1", "microProfile-5.0"})
    @EnabledIfSystemProperty(named = "long", matches = "true")
    void soDoesOneOfAnotherOlderLevel(String features) {
        aServerOfAnOlderLevelKeepsItsApplicationsAndIsToldWhyItHasNoAgents(features);
    }

    @ParameterizedTest
    @ValueSource(strings = "the server.xml that server create writes")
    void aServerAsServerCreateMakesItKeepsItsApplications(String whole) throws IOException {
        start(Files.readString(server.folder().resolve("server.xml")).replace("</server>", """
                    <featureManager><feature>usr:agentRuntime-1.0</feature></featureManager>
                    <agentRuntime/>
                </server>
                """));

        assertRefused();
    }

    private void assertRefused() {
        assertThat(server.get("/agents/runtimes").statusCode()).isEqualTo(404);
        assertThat(server.log()).contains("AGRT0200E").doesNotContain("AGRT0001I").doesNotContain("CWWKF0033E").doesNotContain("CWWKF0046W");
    }

    /** Starts the server and waits for its application, which is plain text, the same at every level. */
    private void start(String serverXml) {
        server.write("dropins/plain.war",
                ShrinkWrap.create(WebArchive.class, "plain.war").addAsWebResource(new StringAsset("an old page"), "page.txt"));
        server.write("server.xml", serverXml);
        // No guest image, so no virtual machine: this is about features.
        server.write("no-image/README", "There is no guest image here.");
        server.write("configDropins/overrides/test.xml", """
                <server>
                    %s
                    <agentRuntime image="${server.config.dir}/no-image" acceleration="tcg"/>
                </server>
                """.formatted(server.endpoint()));
        server.start();
        await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(500)).ignoreExceptions()
                .untilAsserted(() -> assertThat(server.get("/plain/page.txt").body()).isEqualTo("an old page"));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> server.log().contains("AGRT0200E") || server.get("/agents/runtimes").statusCode() == 401);
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
}
