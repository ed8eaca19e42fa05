package dev.agentruntime.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

class CommandRunTest {

    private static final String COMMANDS = "POST /runtimes/hello/commands";

    private final ScriptedServer server = new ScriptedServer();
    private final AgentRuntimeClient client = AgentRuntimeClient.at(server.endpoint()).build();

    @AfterEach
    void stop() {
        server.close();
    }

    private static byte[] chunk(String json) {
        return message(Map.of(":message-type", HeaderValue.fromString("event"), ":event-type", HeaderValue.fromString("chunk")), json);
    }

    private static byte[] message(Map<String, HeaderValue> header, String json) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Message(header, json.getBytes(StandardCharsets.UTF_8)).encode(out);
        return out.toByteArray();
    }

    private void answer(byte[]... messages) {
        server.on(COMMANDS, exchange -> {
            exchange.getResponseHeaders().set(AgentRuntimeClient.SESSION, "s");
            exchange.sendResponseHeaders(200, 0);
            for (byte[] message : messages) {
                for (byte one : message) { // in the smallest pieces
                    exchange.getResponseBody().write(one);
                }
            }
            exchange.close();
        });
    }

    private CommandRun run() {
        return client.run("hello", Optional.of("s"), "ls", Duration.ofSeconds(5));
    }

    @Test
    void aCommandsOutputErrorsAndEndComeInOrder() {
        answer(chunk("{\"contentStart\":{}}"), chunk("{\"contentDelta\":{\"stdout\":\"a\"}}"), chunk("{\"contentDelta\":{\"stderr\":\"b\"}}"),
                chunk("{\"contentStop\":{\"exitCode\":3,\"status\":\"COMPLETED\"}}"));
        try (CommandRun run = run()) {
            assertThat(run.session()).isEqualTo("s");
            assertThat(run.next()).contains(new CommandEvent.Output("a"));
            assertThat(run.next()).contains(new CommandEvent.Errors("b"));
            assertThat(run.next()).contains(new CommandEvent.Ended(3, false));
            assertThat(run.next()).isEmpty();
        }
        assertThat(server.last().text()).isEqualTo("{\"command\":\"ls\",\"timeout\":5}");
        assertThat(server.last().header()).containsEntry(AgentRuntimeClient.SESSION, "s");
    }

    @Test
    void aCommandWhoseTimeIsUpSaysSo() {
        answer(chunk("{\"contentStop\":{\"exitCode\":137,\"status\":\"TIMED_OUT\"}}"));
        try (CommandRun run = run()) {
            assertThat(run.next()).contains(new CommandEvent.Ended(137, true));
        }
    }

    @Test
    void anEndWithoutTheCommandsEndIsABreak() {
        answer(chunk("{\"contentStart\":{}}"));
        try (CommandRun run = run()) {
            assertThatThrownBy(run::next).isInstanceOf(BrokenOffException.class).hasMessageContaining("closed the connection");
        }
    }

    @Test
    void theServersReasonIsTold() {
        answer(message(Map.of(":message-type", HeaderValue.fromString("exception"), ":exception-type", HeaderValue.fromString("runtimeClientError")),
                "{\"message\":\"The session ended before the command did: stopped\"}"));
        try (CommandRun run = run()) {
            assertThatThrownBy(run::next).isInstanceOf(BrokenOffException.class).hasMessage("The session ended before the command did: stopped");
        }
    }

    @Test
    void whatIsNoEventStreamIsSaidToBeNone() {
        answer("<html>this is no event stream at all</html>".getBytes(StandardCharsets.UTF_8));
        try (CommandRun run = run()) {
            assertThatThrownBy(run::next).isInstanceOf(UnexpectedAnswerException.class).hasMessageContaining("no event stream");
        }
    }
}
