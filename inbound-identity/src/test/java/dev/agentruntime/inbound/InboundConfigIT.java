package dev.agentruntime.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The elements in server.xml of a real Open Liberty, which {@code -Dliberty.home=DIR} names; no agent runs in it. */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
class InboundConfigIT {

    private static final List<String> BUNDLES = List.of("runtime-feature/api", "runtime-feature/store", "runtime-feature/domain", "inbound-identity");
    private static final String SERVER_XML = """
            <server>
              <featureManager><feature>usr:whoCalls-1.0</feature></featureManager>
              <agentRuntime>
                <agent name="own">
                  <customJwtAuthorizer discoveryUrl="https://login.example/.well-known/openid-configuration" allowedAudience="agents" addresses="10.0.0.0/8">
                    <customClaim name="teams" valueType="STRING_ARRAY" operator="CONTAINS_ANY" value="red, blue"/>
                  </customJwtAuthorizer>
                </agent>
                <agent name="signed" inbound="signature"/>
                <agent name="odd" inbound="signatures"/>
                <agent name="other"/>
                <agent name="mistyped"><customJwtAuthoriser discoveryUrl="https://login.example/.well-known/openid-configuration"/></agent>
              </agentRuntime>
              <accessKey accessKeyId="AKORDERS01" secret="{xor}PTo6ci8tMHIsMDI6ciw6PC06K3Ju" principal="orders" operations="InvokeAgentRuntime" runtimes="sig*"/>
              <agentRuntimeInbound region="eu-central-1"/>
            </server>
            """;

    @TempDir
    static Path user;

    @BeforeAll
    static void startServer() throws Exception {
        Path lib = Files.createDirectories(user.resolve("extension/lib/features")).getParent();
        StringBuilder content = new StringBuilder();
        for (String module : BUNDLES) {
            Path jar = jar(Path.of("..", module, "target"));
            Files.copy(jar, lib.resolve(jar.getFileName().toString()));
            String name = jar.getFileName().toString().replaceAll("-0\\.1\\.0\\.jar$", "");
            content.append(content.isEmpty() ? "" : ",\n ").append(name).append(";version=\"[0.1,0.2)\"");
        }
        Files.writeString(lib.resolve("features/whoCalls-1.0.mf"), """
                Subsystem-ManifestVersion: 1
                Subsystem-SymbolicName: whoCalls-1.0;visibility:=public
                Subsystem-Version: 1.0.0
                Subsystem-Type: osgi.subsystem.feature
                IBM-ShortName: whoCalls-1.0
                IBM-Feature-Version: 2
                Subsystem-Content: %s
                """.formatted(content));
        Files.createDirectories(user.resolve("servers/who-calls"));
        write(SERVER_XML);
        assertThat(liberty("start", "--clean")).isZero();
    }

    private static Path jar(Path target) throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().matches(".*-0\\.1\\.0\\.jar")).findFirst().orElseThrow();
        }
    }

    @AfterAll
    static void stopServer() throws Exception {
        liberty("stop");
    }

    private static int liberty(String... command) throws Exception {
        List<String> line = Stream.concat(Stream.of(Path.of(System.getProperty("liberty.home"), "bin", "server").toString(), command[0], "who-calls"),
                Stream.of(command).skip(1)).toList();
        ProcessBuilder server = new ProcessBuilder(line).redirectOutput(user.resolve("server.out").toFile()).redirectErrorStream(true);
        server.environment().put("WLP_USER_DIR", user.toString());
        Process process = server.start();
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }

    private static void write(String xml) throws IOException {
        Files.writeString(user.resolve("servers/who-calls/server.xml"), xml);
    }

    private static String log() throws IOException {
        return Files.readString(user.resolve("servers/who-calls/logs/messages.log"));
    }

    private static void awaitInLog(String text) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(log()).contains(text));
    }

    @Test
    void keysAndAuthorizersAreReadAndTakeEffectLive() throws Exception {
        awaitInLog("AGRT6001I");
        awaitInLog("region=eu-central-1");
        awaitInLog("AGRT6003I: An access key is in force: AKORDERS01 of orders for [InvokeAgentRuntime] of [sig*].");
        awaitInLog("AGRT6004I: Agent runtime own takes tokens of https://login.example/.well-known/openid-configuration for [agents] with claims");
        awaitInLog("AGRT6004I: Agent runtime signed takes signatures of access keys only.");
        awaitInLog("AGRT6002W: A setting of who may call: The attribute inbound of the agent odd is 'signatures'. It must be one of both, token, signature.");
        awaitInLog("Agent runtime odd takes nobody until");
        assertThat(log()).doesNotContain("Agent runtime other takes");
        awaitInLog("AGRT6002W: A setting of who may call: The agent mistyped has what seems to be a mistyped inbound or <customJwtAuthorizer>.");
        awaitInLog("AGRT6004I: Agent runtime mistyped takes nobody until");
        assertThat(log()).as("what Liberty adds is nobody's mistake").doesNotContain("> has no ");
        write(SERVER_XML.replace("runtimes=\"sig*\"", "runtimes=\"*\" admin=\"true\"").replace("https://login.example", "ftp://login.example"));
        awaitInLog("AKORDERS01 of orders for [InvokeAgentRuntime] of [*], admin.");
        awaitInLog("Agent runtime own takes nobody until its attribute inbound or its <customJwtAuthorizer> is corrected.");
        awaitInLog("AGRT6002W: A setting of who may call: The <customJwtAuthorizer> of the agent own cannot be used: discoveryUrl");
        assertThat(log()).doesNotContain("PTo6ci8tMH").doesNotContain("bee-pro-some-secret").doesNotContain("CWWKE0702E").doesNotContain("CWWKG0058E").doesNotContain("cannot be decoded");
    }
}
