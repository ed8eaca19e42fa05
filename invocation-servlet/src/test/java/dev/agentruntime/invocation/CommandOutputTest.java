package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.invocation.Events.Event;
import dev.agentruntime.invocation.fake.SocketStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class CommandOutputTest {

    private CommandGuest guest;
    private Optional<String> sessionEnd = Optional.empty();

    @BeforeEach
    void start() throws IOException {
        guest = new CommandGuest();
    }

    @AfterEach
    void stop() throws IOException {
        guest.close();
    }

    private CommandOutput output(String command) {
        return new CommandOutput(new SocketStream(guest.port()), new CommandOrder(command, Duration.ofSeconds(7)), Runnable::run, () -> sessionEnd);
    }

    private static List<Event> read(CommandOutput output) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean last = false;
        while (!last) {
            Content.Chunk chunk = output.read();
            if (chunk == null) {
                CountDownLatch there = new CountDownLatch(1);
                output.demand(there::countDown);
                assertThat(there.await(30, TimeUnit.SECONDS)).isTrue();
            } else {
                bytes.write(chunk.getByteBuffer().array(), 0, chunk.remaining());
                last = chunk.isLast();
            }
        }
        return Events.all(new ByteArrayInputStream(bytes.toByteArray()));
    }

    @Test
    void aCommandBeginsSaysSomethingAndEnds() throws Exception {
        CommandOutput output = output("say hello");
        List<Event> events = read(output);
        assertThat(events).allSatisfy(event -> assertThat(event.headers()).containsEntry(":message-type", "event").containsEntry(":event-type", "chunk")
                .containsEntry(":content-type", "application/json"));
        assertThat(events.get(0).json().toString()).isEqualTo("{\"contentStart\":{}}");
        assertThat(Events.said(events, "stdout")).isEqualTo("hello");
        assertThat(Events.said(events, "stderr")).isEqualTo("oh");
        assertThat(events.get(events.size() - 1).json().toString()).isEqualTo("{\"contentStop\":{\"exitCode\":3,\"status\":\"COMPLETED\"}}");
        assertThat(output.isCompleted()).isTrue();
        assertThat(guest.lastLimitMillis).isEqualTo(7_000);
    }

    @Test
    void oneThatTookTooLongSaysSo() throws Exception {
        List<Event> events = read(output("late"));
        assertThat(events.get(1).json().toString()).isEqualTo("{\"contentStop\":{\"exitCode\":137,\"status\":\"TIMED_OUT\"}}");
    }

    @Test
    void aCharacterThatComesInPartsIsOne() throws Exception {
        assertThat(Events.said(read(output("halves")), "stdout")).isEqualTo("grüß €\ufffdx\ufffd");
    }

    @Test
    void outputIsBoundedAndSoIsEachEvent() throws Exception {
        CommandOutput output = new CommandOutput(new SocketStream(guest.port()), new CommandOrder("much", Duration.ofSeconds(7)), Runnable::run,
                () -> sessionEnd, 1_000_000);
        List<Event> events = read(output);
        assertThat(events).allSatisfy(event -> assertThat(event.bytes()).isLessThanOrEqualTo(64 * 1024));
        assertThat(events.get(events.size() - 1).headers()).containsEntry(":exception-type", "runtimeClientError").containsEntry(":message-type", "exception");
        assertThat(events.get(events.size() - 1).json().getString("message")).contains("more than 1000000 bytes");
        assertThat(output.isCompleted()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"die | The guest ended before the command did", "odd | no output of a command", "huge | no output of a command",
        "negative | no output of a command", "noend | no end of a command", "failed | The guest could not run the command: no shell"})
    void whateverTheGuestDoesIsTold(String command, String message) throws Exception {
        List<Event> events = read(output(command));
        Event last = events.get(events.size() - 1);
        assertThat(last.headers()).containsEntry(":exception-type", "runtimeClientError");
        assertThat(last.json().getString("message")).contains(message);
    }

    @Test
    void theEndOfTheSessionIsToldAsSuch() throws Exception {
        sessionEnd = Optional.of("Stopped on request");
        List<Event> events = read(output("die"));
        assertThat(events.get(events.size() - 1).json().getString("message")).isEqualTo("The session ended before the command did: Stopped on request");
    }

    @Test
    void oneThatIsCancelledEnds() throws Exception {
        CommandOutput output = output("wait");
        output.read();
        assertThat(output.read()).isNull();
        CountDownLatch there = new CountDownLatch(1);
        output.demand(there::countDown);
        output.cancel("The server is being stopped");
        assertThat(there.await(10, TimeUnit.SECONDS)).isTrue();
        List<Event> events = read(output);
        assertThat(events.get(0).headers()).containsEntry(":exception-type", "internalServerException");
    }
}
