package dev.agentruntime.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The feature goes by featureUtility into an Open Liberty that knows nothing of it and already runs an application. */
class UntouchedServerIT {

    @Test
    void featureUtilityInstallsItWhereTheMavenMirrorShowsNoFolders() {
        assertThat(UntouchedLiberty.withTheFeature().resolve("usr/extension/lib/features/agentRuntime-1.0.mf")).exists();
    }

    @Test
    void threeLinesBringAgentsToIt() throws IOException {
        OwnServer server = OwnServer.create("shop", 19091);
        server.write("apps/neighbour.war", Neighbours.war());
        Files.createDirectories(server.folder().resolve("agents"));
        Files.copy(UntouchedLiberty.ROOT.resolve("examples/hello/target/hello.war"), server.folder().resolve("agents/hello.war"));
        server.write("server.xml", """
                <server>
                    <featureManager><feature>servlet-6.0</feature><feature>cdi-4.0</feature></featureManager>
                    %s
                    <webApplication location="neighbour.war" contextRoot="/neighbour"/>
                    <featureManager><feature>usr:agentRuntime-1.0</feature></featureManager>
                    <agentRuntime onStop="end"><agent name="hello" location="hello.war"/></agentRuntime>
                    <mpJwt id="callers" issuer="%s" audiences="agent-runtime" jwksUri="%s/jwks"/>
                </server>
                """.formatted(server.endpoint(), Identity.PROVIDER.issuer(), Identity.PROVIDER.issuer()));

        server.start();
        try {
            await().atMost(Duration.ofMinutes(10)).pollInterval(Duration.ofSeconds(1)).ignoreExceptions()
                    .untilAsserted(() -> assertThat(
                            AgentClient.invoker(server.base(), "alice").invoke("hello", "", "{\"prompt\": \"Ada\"}").body()).contains("Ada"));
            assertThat(server.get("/neighbour/hello").body()).isEqualTo("an ordinary application");
        } finally {
            server.stop();
        }
    }
}
