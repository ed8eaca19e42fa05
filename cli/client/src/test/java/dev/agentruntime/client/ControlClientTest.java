package dev.agentruntime.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlClientTest {

    private final ScriptedServer server = new ScriptedServer();
    private final ControlClient control = AgentRuntimeClient.at(server.endpoint()).build().control();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anUploadAnnouncesItsDigestAndTellsHowFarItIs(@TempDir Path folder) throws IOException {
        Path war = Files.write(folder.resolve("a.war"), new byte[200_000]);
        server.on("PUT /artifacts/a.war", 200, "{\"uri\":\"artifact:a.war@sha256:9f\",\"digest\":\"sha256:9f\"}");
        AtomicLong sent = new AtomicLong();
        assertThat(control.upload("a.war", war, sent::set)).isEqualTo(new Artifact("artifact:a.war@sha256:9f", "sha256:9f"));
        assertThat(sent).hasValue(200_000);
        assertThat(server.last().body()).hasSize(200_000);
        assertThat(server.last().header()).containsEntry("Content-Length", "200000")
                .containsEntry("Content-Digest", "sha-256=:4J87FPn6Dg/iq5C+CW3AA5aLfHtQ0Uq23N+hw2+OBrA=:".replace("4J87FPn6Dg/iq5C+CW3AA5aLfHtQ0Uq23N+hw2+OBrA=", digest(war)));
    }

    private static String digest(Path file) throws IOException {
        try {
            return java.util.Base64.getEncoder().encodeToString(java.security.MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFileThatIsNotThereIsNamed(@TempDir Path folder) {
        assertThatThrownBy(() -> control.upload("a.war", folder.resolve("a.war"), sent -> { })).isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("a.war cannot be read");
    }

    @Test
    void allPagesOfAListAreRead() {
        server.on("POST /runtimes/", exchange -> ScriptedServer.send(exchange, 200, exchange.getRequestURI().getQuery().contains("nextToken=n%201")
                || exchange.getRequestURI().getQuery().contains("nextToken=n 1")
                ? "{\"agentRuntimes\":[{\"agentRuntimeName\":\"b\",\"agentRuntimeId\":\"b-0123456789\",\"status\":\"READY\"}]}"
                : "{\"agentRuntimes\":[{\"agentRuntimeName\":\"a\",\"readOnly\":true}],\"nextToken\":\"n 1\"}"));
        assertThat(control.runtimes()).extracting(VersionInfo::name).containsExactly("a", "b");
        assertThat(control.named("b-0123456789")).get().returns("b", VersionInfo::name).returns(Progress.READY, VersionInfo::progress);
        assertThat(control.named("c")).isEmpty();
    }

    @Test
    void aListWithoutAnEndIsGivenUp() {
        server.on("POST /runtimes/", 200, "{\"agentRuntimes\":[],\"nextToken\":\"n\"}");
        assertThatThrownBy(control::runtimes).isInstanceOf(UnexpectedAnswerException.class).hasMessageContaining("has no end");
    }

    @Test
    void eachChangeHasATokenByWhichItIsKnownAgain() {
        server.on("PUT /runtimes/", 202, "{\"agentRuntimeId\":\"a-0123456789\",\"agentRuntimeVersion\":\"1\",\"status\":\"CREATING\"}")
                .on("DELETE /runtimes/a-0123456789/", 202, "{\"status\":\"DELETING\"}")
                .on("DELETE /runtimes/a-0123456789/runtime-endpoints/beta/", 204, "");
        assertThat(control.create(Json.createObjectBuilder().add("agentRuntimeName", "a").build()))
                .returns("a-0123456789", VersionInfo::id).returns(Progress.WORKING, VersionInfo::progress);
        assertThat(server.last().text()).matches("\\{\"agentRuntimeName\":\"a\",\"clientToken\":\"[0-9a-f-]{36}\"}");
        control.delete("a-0123456789");
        assertThat(server.last().target()).matches("/runtimes/a-0123456789/\\?clientToken=[0-9a-f-]{36}");
        control.deleteEndpoint("a-0123456789", "beta");
    }

    @Test
    void endpointsAreMadeAndLedElsewhere() {
        String view = "{\"name\":\"beta\",\"targetVersion\":\"2\",\"status\":\"UPDATE_FAILED\",\"failureReason\":\"why\"}";
        server.on("PUT /runtimes/a/runtime-endpoints/", 202, view).on("PUT /runtimes/a/runtime-endpoints/beta/", 202, view)
                .on("GET /runtimes/a/", 200, "{\"agentRuntimeVersion\":\"2\"}").on("GET /runtimes/a/runtime-endpoints/beta/", 200, view);
        control.createEndpoint("a", "beta", "2");
        assertThat(server.last().text()).startsWith("{\"name\":\"beta\",\"agentRuntimeVersion\":\"2\"");
        assertThat(control.updateEndpoint("a", "beta", "2")).returns(Progress.FAILED, EndpointInfo::progress).returns("why", EndpointInfo::failure)
                .returns("", EndpointInfo::live);
        assertThat(control.endpoint("a", "beta").target()).isEqualTo("2");
        assertThat(control.version("a", Optional.of("2")).number()).isEqualTo("2");
        assertThat(server.last().target()).isEqualTo("/runtimes/a/?version=2");
    }
}
