package dev.agentruntime.egress;

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
class EgressConfigIT {

    private static final List<String> BUNDLES = List.of("runtime-feature/api", "runtime-feature/store", "runtime-feature/domain", "egress");
    private static final String SERVER_XML = """
            <server>
              <featureManager><feature>usr:wayOut-1.0</feature></featureManager>
              <variable name="openai.key" value="{xor}LDo8LTor"/>
              <agentRuntime>
                <agent name="hello">
                  <outbound name="openai" url="https://api.openai.com" header="Authorization" value="Bearer ${openai.key}"/>
                  <outbound name="orders-db" tcp="db.corp.example:5432"/>
                  <allow host="*.corp.example" ports="443, 8000-8099" addresses="10.0.0.0/8"/>
                </agent>
                <agent name="other"/>
              </agentRuntime>
              <outbound name="search" url="https://search.corp.example/v2" agents="other, dropped-in"/>
              <agentRuntimeEgress connectTimeout="7s" proxy="proxy.corp.example:3128" proxyUser="host" proxyPassword="{xor}LDo8LTor"/>
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
        Files.writeString(lib.resolve("features/wayOut-1.0.mf"), """
                Subsystem-ManifestVersion: 1
                Subsystem-SymbolicName: wayOut-1.0;visibility:=public
                Subsystem-Version: 1.0.0
                Subsystem-Type: osgi.subsystem.feature
                IBM-ShortName: wayOut-1.0
                IBM-Feature-Version: 2
                Subsystem-Content: %s
                """.formatted(content));
        Files.createDirectories(user.resolve("servers/way-out"));
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
        List<String> line = Stream.concat(Stream.of(Path.of(System.getProperty("liberty.home"), "bin", "server").toString(), command[0], "way-out"),
                Stream.of(command).skip(1)).toList();
        ProcessBuilder server = new ProcessBuilder(line).redirectOutput(user.resolve("server.out").toFile()).redirectErrorStream(true);
        server.environment().put("WLP_USER_DIR", user.toString());
        Process process = server.start();
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }

    private static void write(String xml) throws IOException {
        Files.writeString(user.resolve("servers/way-out/server.xml"), xml);
    }

    private static String log() throws IOException {
        return Files.readString(user.resolve("servers/way-out/logs/messages.log"));
    }

    private static void awaitInLog(String text) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(log()).contains(text));
    }

    @Test
    void outboundsInAnAgentAndSharedOnesAreReadAndTakeEffectLive() throws Exception {
        awaitInLog("AGRT4003I: Agent runtime hello may reach: openai.outbound:80 -> https://api.openai.com with Authorization,"
                + " orders-db.outbound:5432 -> db.corp.example:5432; through the proxy *.corp.example:443+8000-8099 at [10.0.0.0/8].");
        awaitInLog("AGRT4003I: Agent runtime other may reach: search.outbound:80 -> https://search.corp.example/...; through the proxy nothing.");
        awaitInLog("AGRT4003I: Agent runtime dropped-in may reach: search.outbound:80 -> https://search.corp.example/...");
        awaitInLog("connectTimeout=7s");
        awaitInLog("proxy=proxy.corp.example:3128");
        assertThat(log()).as("what Liberty adds to the attributes is no mistake").doesNotContain("AGRT4002W");
        write(SERVER_XML.replace("https://api.openai.com", "https://api.other.example").replace("search.corp.example", "search.other.example"));
        awaitInLog("openai.outbound:80 -> https://api.other.example with Authorization");
        awaitInLog("Agent runtime other may reach: search.outbound:80 -> https://search.other.example/...");
        write(SERVER_XML.replace("<outbound name=\"search\"", "<outbound name=\"se arch\"").replace("host=\"*.corp", "host=\"*corp"));
        awaitInLog("AGRT4002W: A setting of the way out of the guests: The element <outbound name=\"se arch\">");
        awaitInLog("The element <allow host=\"*corp.example\"> of the agent hello cannot be used");
        write(SERVER_XML.replace("ports=\"443, 8000-8099\"", "port=\"8443\"").replace("connectTimeout", "conectTimeout").replace("tcp=", "adresses=\"10.0.0.0/8\" tcp=")
                .replace("agents=\"other", "agent=\"x\" agents=\"other"));
        awaitInLog("<agentRuntimeEgress> has no conectTimeout.");
        awaitInLog("The element <allow host=\"*.corp.example\"> of the agent hello cannot be used: <allow> has no port.");
        awaitInLog("The element <outbound name=\"orders-db\"> cannot be used: <outbound orders-db> has no adresses.");
        awaitInLog("The element <outbound name=\"search\"> cannot be used: <outbound> has no agent.");
        assertThat(log()).doesNotContain("LDo8LTor").doesNotContain("secret").doesNotContain("AGRT4002W: A setting of the way out of the guests: The element <outbound name=\"openai\">");
        assertThat(log()).doesNotContain("CWWKE0702E").doesNotContain("CWWKG0058E");
    }
}
