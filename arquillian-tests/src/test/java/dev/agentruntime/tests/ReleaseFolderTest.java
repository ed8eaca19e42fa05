package dev.agentruntime.tests;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** The folder of all that is handed out. */
class ReleaseFolderTest {

    private static final Path FOLDER = Path.of("../release/target/release");

    @Test
    void everyFileIsInTheListOfSums() throws IOException {
        List<String> listed = Files.readAllLines(FOLDER.resolve("SHA256SUMS")).stream().map(line -> line.replaceFirst("^[0-9a-f]{64}  ", "")).toList();
        try (Stream<Path> files = Files.walk(FOLDER)) {
            assertThat(listed).containsExactlyInAnyOrderElementsOf(files.filter(Files::isRegularFile).map(file -> FOLDER.relativize(file).toString())
                    .filter(file -> !file.equals("SHA256SUMS")).toList());
        }
        assertThat(listed).contains("agentRuntime-1.0-0.1.0.esa", "agentIdentity-1.0-0.1.0.esa", "agentMemory-1.0-0.1.0.esa", "agentConsole-1.0-0.1.0.esa", "features-bom-0.1.0.pom", "agent-server-0.1.0.zip", "agentctl/agentctl", "agentctl/agentctl.jar",
                "agentctl/image/features.index", "components.cdx.json", "monitoring/alerts.yml", "monitoring/dashboard.json", "THIRD-PARTY.md", "LICENSE", "README.md", "install")
                .anyMatch(file -> file.startsWith("feature-list/io/openliberty/features/features/") && file.endsWith(".json"));
    }

    @Test
    void nothingIsLeftToFillIn() throws IOException {
        assertThat(Files.readString(FOLDER.resolve("README.md")) + Files.readString(FOLDER.resolve("install"))).doesNotContain("@version@", "@liberty@");
    }

    /** What agentctl.jar has in it of others is found out from Maven, and THIRD-PARTY.md is written by hand. */
    @Test
    void whatAgentctlCarriesIsNamedWithItsVersion() throws IOException {
        String notices = Files.readString(FOLDER.resolve("THIRD-PARTY.md"));
        try (InputStream in = Files.newInputStream(FOLDER.resolve("components.cdx.json")); JsonReader reader = Json.createReader(in)) {
            JsonObject components = reader.readObject();
            assertThat(components.getString("bomFormat")).isEqualTo("CycloneDX");
            List<String> names = components.getJsonArray("components").getValuesAs(JsonObject.class).stream().map(one -> one.getString("name")).toList();
            assertThat(names).contains("h2", "jetty-client", "jose4j", "jna", "netty-handler", "picocli", "snakeyaml-engine", "parsson", "http-auth-aws", "jline-terminal", "agent-client", "agent-sdk");
            for (JsonObject one : components.getJsonArray("components").getValuesAs(JsonObject.class)) {
                if (List.of("h2", "jose4j", "picocli", "snakeyaml-engine", "parsson", "http-auth-aws", "jline-terminal", "eventstream", "reactive-streams").contains(one.getString("name"))) {
                    assertThat(notices).as(one.getString("name")).contains(one.getString("version"));
                }
            }
        }
    }

    @Test
    void agentctlRunsFromIt() throws Exception {
        Process process = new ProcessBuilder(FOLDER.resolve("agentctl/agentctl").toString(), "--version").redirectErrorStream(true).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(process.getInputStream().readAllBytes())).isEqualTo("agentctl 0.1.0\n");
    }

    @Test
    void theFeatureHasAgentctlInIt() throws IOException {
        try (ZipFile esa = new ZipFile(FOLDER.resolve("agentRuntime-1.0-0.1.0.esa").toFile())) {
            assertThat(esa.stream().map(entry -> entry.getName()).collect(Collectors.toSet())).contains("wlp/bin/agentctl", "wlp/agent/agentctl.jar");
        }
    }
}
