package dev.agentruntime.invocation;

import static dev.agentruntime.invocation.TestDoor.HTTP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.invocation.Events.Event;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Commands through the WAR in a real Open Liberty. */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
class CommandIT {

    private final TestDoor door = TestDoor.open();

    private HttpResponse<byte[]> run(String body) throws Exception {
        return run(door.alice, UUID.randomUUID() + "-" + UUID.randomUUID(), body);
    }

    private static HttpResponse<byte[]> run(String token, String session, String body) throws Exception {
        return HTTP.send(TestDoor.authorized(TestDoor.uri("/runtimes/echo/commands"), token).header("Content-Type", "application/json")
                .header(Headers.SESSION_ID, session).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofByteArray());
    }

    @Test
    void aSessionIsItsOwnersAndItsRequestsAreCounted() throws Exception {
        String session = run("{\"command\":\"say mine\"}").headers().firstValue(Headers.SESSION_ID).orElseThrow();
        HttpResponse<byte[]> others = run(door.tokens.token("bob", "agent-invoker"), session, "{\"command\":\"say whose\"}");
        assertThat(others.statusCode()).isEqualTo(403);
        assertThat(others.headers().firstValue(Headers.ERROR_TYPE)).hasValue("AccessDeniedException");
        HttpResponse<byte[]> hasty = run(door.tokens.token("hasty", "agent-invoker"), session, "{\"command\":\"say much\"}");
        assertThat(hasty.statusCode()).isEqualTo(429);
        assertThat(hasty.headers().firstValue("Retry-After")).hasValue("3");
    }

    @Test
    void whoMayInvokeOnlyRunsNone() throws Exception {
        HttpResponse<byte[]> refused = run(door.tokens.token("outsider", "agent-invoker"), UUID.randomUUID() + "-" + UUID.randomUUID(), "{\"command\":\"say no\"}");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.headers().firstValue(Headers.ERROR_TYPE)).hasValue("AccessDeniedException");
    }

    @Test
    void aCallerThatDoesNotReadHoldsBackItsCommandAndNobodyElse() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", LibertyServer.BASE.getPort())) {
            String body = "{\"command\":\"much\"}";
            socket.getOutputStream().write(("POST /agents/runtimes/echo/commands HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + door.alice
                    + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            for (int i = 0; i < 20; i++) {
                assertThat(Events.said(Events.all(new ByteArrayInputStream(run("{\"command\":\"say quick\"}").body())), "stdout")).isEqualTo("quick");
            }
        }
    }

    @Test
    void aCommandsOutputComesAsEvents() throws Exception {
        HttpResponse<byte[]> answer = run("{\"command\":\"say hello there\",\"timeout\":5}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/vnd.amazon.eventstream");
        assertThat(answer.headers().firstValue(Headers.SESSION_ID).orElseThrow()).hasSizeGreaterThanOrEqualTo(33);
        List<Event> events = Events.all(new ByteArrayInputStream(answer.body()));
        assertThat(Events.said(events, "stdout")).isEqualTo("hello there");
        assertThat(events.get(events.size() - 1).json().toString()).contains("\"exitCode\":3");
    }

    @Test
    void whatIsSaidComesAtOnce() throws Exception {
        HttpResponse<InputStream> answer = HTTP.send(TestDoor.authorized(TestDoor.uri("/runtimes/echo/commands"), door.alice)
                .POST(BodyPublishers.ofString("{\"command\":\"wait\"}")).build(), BodyHandlers.ofInputStream());
        try (InputStream in = answer.body()) {
            assertThat(in.readNBytes(4)).hasSize(4);
        }
    }

    @Test
    void aCallerThatLeavesEndsItsCommand() throws Exception {
        int before = door.commands.left.get();
        try (Socket socket = new Socket("127.0.0.1", LibertyServer.BASE.getPort())) {
            String body = "{\"command\":\"wait\"}";
            socket.getOutputStream().write(("POST /agents/runtimes/echo/commands HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + door.alice
                    + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> door.commands.left.get() > before);
    }

    @Test
    void whatIsNoCommandIsRefusedBeforeAnySession() throws Exception {
        HttpResponse<byte[]> answer = HTTP.send(TestDoor.authorized(TestDoor.uri("/runtimes/echo/commands"), door.alice)
                .POST(BodyPublishers.ofString("{\"command\":\"\"}")).build(), BodyHandlers.ofByteArray());
        assertThat(answer.headers().firstValue(Headers.SESSION_ID)).isEmpty();
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue(Headers.ERROR_TYPE)).hasValue("ValidationException");
    }

    @Test
    void aGuestThatTalksNonsenseEndsTheStreamWithAnError() throws Exception {
        List<Event> events = Events.all(new ByteArrayInputStream(run("{\"command\":\"odd\"}").body()));
        assertThat(events.get(events.size() - 1).headers()).containsEntry(":exception-type", "runtimeClientError");
    }
}
