package dev.agentruntime.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogReaderTest {

    private static final String LOGS = "GET /runtimes/hello/sessions/s/logs";
    private static final String LINE = "id: 17\ndata: {\"number\":17,\"time\":\"2026-11-26T07:09:43.127Z\",\"source\":\"stdout\",\"severity\":\"info\",\"text\":\"hello\"}\n\n";

    private final ScriptedServer server = new ScriptedServer();
    private final AgentRuntimeClient client = AgentRuntimeClient.at(server.endpoint()).build();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aLogIsReadAsAWhole() {
        server.on(LOGS, 200, "{\"runtime\":\"hello\",\"sessionId\":\"s\",\"lines\":[" + LINE.replaceAll("(?s).*data: (.*)\n\n", "$1") + "]}");
        assertThat(client.log("hello", "s", 5)).singleElement().returns(17L, LogLine::number).returns("hello", LogLine::text)
                .returns("stdout", LogLine::source).returns("info", LogLine::severity).returns("2026-11-26T07:09:43.127Z", LogLine::time);
        assertThat(server.last().target()).endsWith("/logs?lines=5");
    }

    @Test
    void aLogIsFollowedToTheSessionsEnd() {
        server.on(LOGS, 200, ":\n\n" + LINE + "event: later\ndata: {}\n\nevent: end\ndata: {}\n\n", "Content-Type", "text/event-stream");
        try (LogReader log = client.follow("hello", "s", 5, Optional.of(16L))) {
            assertThat(log.next()).map(LogLine::number).contains(17L);
            assertThat(log.next()).isEmpty();
        }
        assertThat(server.last().target()).endsWith("/logs?follow=true&lines=5");
        assertThat(server.last().header()).containsEntry("Last-Event-ID", "16");
    }

    @Test
    void aLogThatEndsWithoutItsEndHasBrokenOff() {
        server.on(LOGS, 200, LINE, "Content-Type", "text/event-stream");
        try (LogReader log = client.follow("hello", "s", 5, Optional.empty())) {
            log.next();
            assertThatThrownBy(log::next).isInstanceOf(BrokenOffException.class).hasMessageContaining("closed the connection");
        }
    }

    @Test
    void whatTheServerCannotReadItSays() {
        server.on(LOGS, 200, "event: error\ndata: {\"message\":\"The log cannot be read at this moment\"}\n\n");
        try (LogReader log = client.follow("hello", "s", 5, Optional.empty())) {
            assertThatThrownBy(log::next).isInstanceOf(BrokenOffException.class).hasMessage("The log cannot be read at this moment");
        }
    }
}
