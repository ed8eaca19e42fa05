package dev.agentruntime.tests;

import static dev.agentruntime.tests.AgentClient.admin;
import static dev.agentruntime.tests.AgentClient.alice;
import static dev.agentruntime.tests.AgentClient.awaitReady;
import static dev.agentruntime.tests.AgentClient.newSession;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * An agent in a VM whose outbound has a credential of the vault, and what is in that VM of it. {@code ./verify -Dlong}: the search takes a
 * minute, and the server takes the feature of identities while it runs.
 */
@ArquillianTest
@RunAsClient
@EnabledIfSystemProperty(named = "long", matches = "true")
class VaultedCredentialIT {

    private static final Path ROOT = Path.of(System.getProperty("root"));
    private static final Path USR = ROOT.resolve("server-config/target/wlp/usr");
    private static final Path SERVER = USR.resolve("servers/agents-under-test");
    private static final Path CHANGED = SERVER.resolve("configDropins/overrides/patient-identity.xml");
    private static final String SECRET = "key-of-the-vault-0123456789";

    private final String session = newSession();
    private Outside outside;

    @Deployment(testable = false)
    static WebArchive neighbour() {
        return Neighbours.war();
    }

    @BeforeEach
    void ready() throws IOException {
        outside = new Outside();
        awaitReady("patient");
        install();
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        Files.writeString(CHANGED, """
                <server>
                  <featureManager><feature>usr:agentIdentity-1.0</feature></featureManager>
                  <agentRuntimeIdentity><vaultKey keyId="test" aesKey="%s"/></agentRuntimeIdentity>
                  <outbound name="vaulted" agents="patient" url="http://localhost:19280/v3" credential="vaulted-key" addresses="127.0.0.0/8"/>
                </server>
                """.formatted(Base64.getEncoder().encodeToString(key)));
        await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> assertThat(admin().post(
                "/agents/identities/CreateApiKeyCredentialProvider", "{\"name\": \"vaulted-key\", \"apiKey\": \"" + SECRET + "\"}").statusCode()).isIn(201, 409));
    }

    /** What the feature's ESA brings. */
    private static void install() throws IOException {
        Path lib = USR.resolve("extension/lib");
        try (Stream<Path> jars = Files.list(ROOT.resolve("identity/target"))) {
            for (Path jar : jars.filter(file -> file.getFileName().toString().matches("agent-identity-[0-9.]+\\.jar")).toList()) {
                Files.copy(jar, lib.resolve(jar.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        try (Stream<Path> manifests = Files.list(ROOT.resolve("runtime-feature/identity-feature/src/main/esa/wlp/lib/features"))) {
            for (Path manifest : manifests.toList()) {
                Files.copy(manifest, lib.resolve("features").resolve(manifest.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @AfterEach
    void close() throws IOException {
        admin().post("/agents/identities/DeleteApiKeyCredentialProvider", "{\"name\": \"vaulted-key\"}");
        Files.deleteIfExists(CHANGED);
        outside.close();
        alice().delete("/agents/runtimes/patient/sessions/" + session);
    }

    private String order(String text) {
        HttpResponse<String> answer = alice().upload("patient", session, "text/x-outward", BodyPublishers.ofString(text));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void theServiceGetsTheCredentialAndNothingOfItIsInTheVmInALogOrInAFile() throws IOException {
        assertThat(order("get http://vaulted.outbound/chat")).isEqualTo("200 outside answers /v3/chat");
        assertThat(outside.asked).containsExactly("/v3/chat Bearer " + SECRET);
        assertThat(Files.readString(SERVER.resolve("logs/messages.log"))).contains("AGRT6308I").doesNotContain(SECRET);
        String vm = alice().session("patient", session).getString("vm");
        // A session that waits for the outside is not idle, however long the search takes.
        assertThat(order("later http://vaulted.outbound/slow")).isEqualTo("begun");
        assertThat(VmMemory.of(vm).placesOf("outside answers /v3/chat")).as("that the search finds what was there").isNotEmpty();
        assertThat(VmMemory.of(vm).placesOf(SECRET)).isEmpty();
        assertThat(VmMemory.filesWith(SERVER, SECRET)).as("logs, and the database of the vault").isEmpty();
    }

    @Test
    void aGuestReachesIdentitiesThroughItsProxyAndWithATokenOfItsSessionOnly() {
        assertThat(order("proxy http://agent-identity.outbound/identities/api-key")).as("no GET is served").startsWith("404 ");
        assertThat(order("token vaulted-key")).as("with the token of this invocation").isEqualTo("200 {\"apiKey\":\"" + SECRET + "\"}");
    }
}
