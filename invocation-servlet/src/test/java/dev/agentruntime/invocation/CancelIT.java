package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.Socket;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers who leave an agent that says nothing. */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
class CancelIT {

    private static final String CANCEL = Headers.CANCEL + ": true\r\n";

    private final TestDoor door = TestDoor.open();

    @ParameterizedTest
    @ValueSource(strings = {"silence", "status-line"})
    void aCallerWhoLeavesBeforeTheFirstByteCancels(String mode) throws Exception {
        int before = door.raw.closed();
        String session = UUID.randomUUID().toString();
        try (Socket socket = door.raw("raw", mode, CANCEL + Headers.SESSION_ID + ": " + session + "\r\nContent-Length: 2\r\n\r\n{}")) {
            await().during(Duration.ofMillis(1500)).atMost(Duration.ofSeconds(3)).until(() -> door.raw.closed() == before);
        }
        await().atMost(Duration.ofSeconds(3)).until(() -> door.raw.closed() == before + 1);
        await().atMost(Duration.ofSeconds(2)).untilAsserted(() -> assertThat(
                TestDoor.json(TestDoor.get("/runtimes/raw/sessions/" + session, door.alice)).getString("status")).isEqualTo("Idle"));
    }

    @Test
    void aCallerWhoLeavesASilentStreamCancels() throws Exception {
        int before = door.agent.streamsCut.get();
        try (Socket socket = door.raw("echo", "stream 2 5000", CANCEL + "Content-Length: 2\r\n\r\n{}")) {
            assertThat(TestDoor.reader(socket).readLine()).isEqualTo("HTTP/1.1 200 OK");
        }
        await().atMost(Duration.ofSeconds(15)).until(() -> door.agent.streamsCut.get() > before);
    }

    @Test
    void aCallerWhoLeavesAnUploadThatIsNotReadFreesIt() throws Exception {
        int before = door.raw.closed();
        try (Socket socket = door.raw("raw", "silence", "Content-Length: 50000000\r\n\r\n")) {
            socket.getOutputStream().write(new byte[100]);
        }
        await().atMost(Duration.ofSeconds(5)).until(() -> door.raw.closed() > before);
    }
}
