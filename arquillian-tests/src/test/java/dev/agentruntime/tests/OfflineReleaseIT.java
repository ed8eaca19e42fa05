package dev.agentruntime.tests;

import static dev.agentruntime.tests.UntouchedLiberty.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The release's folder on a machine without a network: what it runs has a network namespace of its own with nothing but its loopback, an empty
 * home, and an Open Liberty as it is downloaded.
 */
@EnabledIfSystemProperty(named = "long", matches = "true")
class OfflineReleaseIT {

    private static final Path RELEASE = UntouchedLiberty.ROOT.resolve("release/target/release");
    private static final Path OFFLINE = UntouchedLiberty.ROOT.resolve("arquillian-tests/target/offline");
    private static final Path WLP = OFFLINE.resolve("wlp");
    private static final String SERVER = "<server><featureManager><feature>usr:agentRuntime-1.0</feature></featureManager>"
            + "<httpEndpoint id=\"defaultHttpEndpoint\" httpPort=\"9080\" httpsPort=\"-1\"/>"
            + "<agentRuntime image=\"${server.config.dir}\" acceleration=\"tcg\"/></server>";

    private static String installed;

    @BeforeAll
    static void install() {
        run("rm", "-rf", OFFLINE.toString());
        run("mkdir", "-p", OFFLINE.resolve("home").toString());
        run("cp", "-r", System.getProperty("liberty.home"), WLP.toString());
        run("rm", "-rf", WLP.resolve("usr").toString());
        assertThat(withoutNetwork("(: < /dev/tcp/1.1.1.1/443) 2>&1 || true")).as("nothing is reached from there").contains("Network is unreachable");
        installed = withoutNetwork(RELEASE.resolve("install") + " " + WLP);
    }

    private static String withoutNetwork(String script) {
        return run("unshare", "--net", "--map-root-user", "env", "-u", "FEATURE_REPO_URL", "-u", "FEATURE_LOCAL_REPO", "HOME=" + OFFLINE.resolve("home"),
                "JVM_ARGS=-Duser.home=" + OFFLINE.resolve("home"), "bash", "-c", "ip link set lo up; " + script);
    }

    @Test
    void theFeatureIsInstalled() throws IOException {
        assertThat(installed).contains("Installed. Name usr:agentRuntime-1.0 in server.xml");
        assertThat(WLP.resolve("usr/extension/lib/features")).isDirectoryContaining("glob:**/agentRuntime-1.0.mf");
        try (var kept = Files.list(OFFLINE.resolve("home"))) {
            assertThat(kept).as("nothing was looked for in a local repository").isEmpty();
        }
    }

    @Test
    void itsAgentctlRuns() {
        assertThat(withoutNetwork(WLP.resolve("usr/extension/bin/agentctl") + " --version")).isEqualTo("agentctl 0.1.0\n");
    }

    @Test
    void aServerHasTheFeature() throws IOException {
        String server = WLP.resolve("bin/server").toString();
        run(server, "create", "offline");
        Path folder = WLP.resolve("usr/servers/offline");
        Files.writeString(folder.resolve("server.xml"), SERVER);
        withoutNetwork(server + " start offline && " + server + " stop offline");
        assertThat(Files.readString(folder.resolve("logs/messages.log"))).containsPattern("CWWKF0012I: .*usr:agentRuntime-1.0").doesNotContain("CWWKF0001E", "CWWKE0702E");
    }
}
