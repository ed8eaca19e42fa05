package dev.agentruntime.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.eventstream.Message;

/** What answers need not be this product, and what is to be sent need not be there: each ends as one of the client's own exceptions. */
class ForeignAnswersTest {

    private final ScriptedServer server = new ScriptedServer();
    private final AgentRuntimeClient client = AgentRuntimeClient.at(server.endpoint()).build();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aListOfSomethingElseIsNoneOfOurs() {
        server.on("GET /runtimes", 200, "{\"runtimes\":[1]}").on("GET /runtimes/hello/sessions", 200, "{\"sessions\":\"none\"}");
        assertThatThrownBy(client::runtimes).isInstanceOf(UnexpectedAnswerException.class).hasMessageContaining("'runtimes' has something that is no JSON object");
        assertThatThrownBy(() -> client.sessions("hello")).isInstanceOf(UnexpectedAnswerException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"createdAt\":7}", "{\"createdAt\":\"yesterday\"}"})
    void aSessionWithoutATimeSaysSo(String json) {
        server.on("GET /runtimes/hello/sessions/s", 200, json);
        assertThatThrownBy(client.session("hello", "s")::createdAt).isInstanceOf(UnexpectedAnswerException.class).hasMessageContaining("no time 'createdAt'");
        assertThatThrownBy(client.session("hello", "s")::lastActivityAt).isInstanceOf(UnexpectedAnswerException.class);
    }

    @Test
    void aRefusalIsToldWhateverItsFieldsAre() {
        server.on("GET /runtimes/hello", 400, "{\"message\":\"why\",\"fieldList\":[1,{\"name\":2,\"message\":\"m\"}],\"log\":[1,\"line\"],\"agentStatus\":\"x\"}");
        RefusedException refused = catchThrowableOfType(RefusedException.class, () -> client.runtime("hello"));
        assertThat(refused).hasMessage("why;  m");
        assertThat(refused.log()).containsExactly("line");
        assertThat(refused.agentStatus()).hasValue(0);
    }

    @Test
    void aLogsLineNeedHaveNoNumber() {
        assertThat(new LogLine(Json.createObjectBuilder().add("number", "x").build()).number()).isZero();
    }

    @Test
    void aCommandsEndWithoutAnExitCodeIsNoneOfOurs() {
        server.on("POST /runtimes/hello/commands", exchange -> {
            exchange.getResponseHeaders().set("X-Agent-Runtime-Session", "renewed");
            exchange.sendResponseHeaders(200, 0);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            new Message(Map.of(), "{\"contentStop\":{}}".getBytes(StandardCharsets.UTF_8)).encode(out);
            exchange.getResponseBody().write(out.toByteArray());
            exchange.close();
        });
        try (CommandRun run = client.run("hello", Optional.of("s"), "ls", Duration.ofSeconds(5))) {
            assertThat(run.sessionState()).isEqualTo("renewed");
            assertThatThrownBy(run::next).isInstanceOf(UnexpectedAnswerException.class).hasMessageContaining("no event stream");
        }
    }

    @Test
    void aFileThatGoesBeforeItIsSentIsToldAndNotTheServer(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a.json"), "{}");
        Credentials deleting = (method, address, header, payload) -> {
            delete(file);
            return Map.of();
        };
        AgentRuntimeClient own = AgentRuntimeClient.at(server.endpoint()).credentials(deleting).build();
        assertThatThrownBy(() -> own.invoke(Invocation.of("hello", Payload.of(file)))).isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("a.json cannot be read");
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"Host,a", "Content-Length,1", "a b,c", "A,'b\r\nC: d'", "A,'b\\nc'"})
    void aHeaderThatCannotBeSentIsTheCallersFault(String name, String value) {
        Invocation invocation = Invocation.of("hello", Payload.none()).with(name, value.translateEscapes());
        assertThatThrownBy(() -> client.invoke(invocation)).isInstanceOf(IllegalArgumentException.class);
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void anAnswerTakesSomeTime() {
        Invocation invocation = Invocation.of("hello", Payload.none());
        assertThatThrownBy(() -> invocation.within(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> invocation.within(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"host,https://host/agents", "host:9443,https://host:9443/agents", "http://host:9080/,http://host:9080/agents", "https://host/x/,https://host/x",
        "[::1]:9443,https://[::1]:9443/agents"})
    void aServerIsCalledByItsNameAlone(String named, String address) {
        assertThat(AgentRuntimeClient.address(named)).isEqualTo(URI.create(address));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://host/agents#x", "https://alice:secret@host/agents"})
    void anAddressHasNeitherAFragmentNorAPassword(String address) {
        assertThatThrownBy(AgentRuntimeClient.at(URI.create(address))::build).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("https://HOST:PORT/agents");
    }
}
