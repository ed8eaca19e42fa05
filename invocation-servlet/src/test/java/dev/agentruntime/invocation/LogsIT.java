package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Logs of sessions over HTTP, in a real Open Liberty. */
@EnabledIfSystemProperty(named = "liberty.home", matches = ".+")
class LogsIT {

    private static final Pattern TOLD = Pattern.compile("\"text\":\"at (\\d+)\"");

    private final TestDoor door = TestDoor.open();
    private final String session = "logs-" + UUID.randomUUID();

    @BeforeEach
    void begin() throws Exception {
        begin(session, door.alice);
    }

    private static void begin(String session, String token) throws Exception {
        HttpResponse<String> answer = TestDoor.send(TestDoor.authorized(TestDoor.uri("/runtimes/echo/invocations"), token)
                .header(Headers.SESSION_ID, session).POST(BodyPublishers.ofString("{}")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private String path(String query) {
        return "/runtimes/echo/sessions/" + session + "/logs" + query;
    }

    @Test
    void theLatestLinesAreJsonOrText() throws Exception {
        JsonObject log = TestDoor.json(TestDoor.get(path("?lines=3"), door.alice));
        assertThat(log.getString("sessionId")).isEqualTo(session);
        assertThat(log.getJsonArray("lines")).hasSize(3);
        assertThat(TestDoor.get(path("?format=text"), door.alice).body()).startsWith("2031-01-01T00:00:00Z stdout line 0 of alice\n");
    }

    @Test
    void onlyTheOwnerAndAdministratorsRead() throws Exception {
        for (String query : List.of("", "?follow=true")) {
            HttpResponse<String> refused = TestDoor.get(path(query), door.tokens.token("bob", "agent-invoker"));
            assertThat(refused.statusCode()).isEqualTo(403);
            TestDoor.assertRefusal(refused, "AccessDeniedException");
        }
        assertThat(TestDoor.get(path(""), door.tokens.token("root", "agent-admin")).statusCode()).isEqualTo(200);
    }

    @Test
    void whatCannotBeUsedIsRefused() throws Exception {
        TestDoor.assertRefusal(TestDoor.get(path("?lines=many"), door.alice), "ValidationException");
        TestDoor.assertRefusal(TestDoor.get("/runtimes/echo/sessions/no-such-session/logs", door.alice), "ResourceNotFoundException");
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aFollowedLogArrivesWithin200MsAndEnds(HttpClient.Version version) throws Exception {
        assertThat(lateLines(HttpClient.newBuilder().version(version).build(), session)).hasSize(3).allMatch(ms -> ms < 200);
    }

    /** How many milliseconds the lines of a followed log were on their way. */
    private List<Long> lateLines(HttpClient client, String of) throws Exception {
        HttpResponse<InputStream> answer = client.send(
                TestDoor.authorized(TestDoor.uri("/runtimes/echo/sessions/" + of + "/logs?follow=true"), door.alice).build(), BodyHandlers.ofInputStream());
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        List<Long> late = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
                Matcher told = TOLD.matcher(line);
                if (told.find()) {
                    late.add(System.currentTimeMillis() - Long.parseLong(told.group(1)));
                }
            }
        }
        assertThat(lines).contains("event: end").filteredOn(line -> line.startsWith("id: ")).hasSize(6);
        return late;
    }

    /** What fills the caller's end and ours of a connection waits with us; more is not read from the log. */
    @Test
    void aHundredReadersWhoDoNotReadHoldUpNobody() throws Exception {
        String noisy = "noisy-" + UUID.randomUUID();
        List<Socket> idle = new ArrayList<>();
        try {
            for (int user = 0; user < 4; user++) {
                String token = door.tokens.token("idle-" + user, "agent-admin");
                begin(noisy + user, token);
                for (int n = 0; n < 25; n++) {
                    idle.add(follower("/runtimes/echo/sessions/" + noisy + user + "/logs?follow=true", token));
                }
            }
            List<Long> late = new ArrayList<>();
            for (int round = 0; round < 3; round++) {
                String calm = "calm-" + UUID.randomUUID();
                begin(calm, door.alice);
                late.addAll(lateLines(TestDoor.HTTP, calm).subList(1, 3));
            }
            assertThat(late).hasSize(6).allMatch(ms -> ms < 200);
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    private static Socket follower(String path, String token) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress("127.0.0.1", LibertyServer.BASE.getPort()));
        socket.getOutputStream().write(("GET /agents" + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }
}
