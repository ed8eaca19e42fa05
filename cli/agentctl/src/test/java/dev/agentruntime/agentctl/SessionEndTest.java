package dev.agentruntime.agentctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.client.SessionInfo;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionEndTest {

    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    /** Begun an hour ago, at work a minute ago, and with 15 minutes to be idle. */
    private static JsonObjectBuilder session(String status) {
        return Json.createObjectBuilder().add("status", status).add("createdAt", "2026-11-26T11:00:00Z").add("lastActivityAt", "2026-11-26T11:59:00Z");
    }

    private static String end(JsonObjectBuilder session) {
        return SessionEnd.of(new SessionInfo(session.build()), NOW);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Idle         | 900 | 28800 | in 14m, unless it is called; in 7h at the latest",
        "Hibernated   | 900 | 28800 | in 14m, unless it is called; in 7h at the latest",
        "Active       | 900 | 28800 | 15m after its last work; in 7h at the latest",
        "Provisioning | 900 | 28800 | 15m after its last work; in 7h at the latest",
        "Idle         | 900 | 3660  | in 1m, at its maximum lifetime",
        "Active       | 900 | 4500  | in 15m, at its maximum lifetime",
        "Active       | 900 | 4501  | 15m after its last work; in 15m1s at the latest",
        "Idle         | 30  | 28800 | 30s after its last work; in 7h at the latest"})
    void aSessionEndsOfRestOrOfAge(String status, int idle, int lifetime, String end) {
        assertThat(end(session(status).add("idleRuntimeSessionTimeout", idle).add("maxLifetime", lifetime))).isEqualTo(end);
    }

    @Test
    void whatTheServerDoesNotSayIsNotGuessed() {
        assertThat(end(session("Idle").add("idleRuntimeSessionTimeout", 900))).isEqualTo("in 14m, unless it is called");
        assertThat(end(session("Idle").add("maxLifetime", 28_800))).isEqualTo("in 7h, at its maximum lifetime");
        assertThat(end(session("Idle"))).isEmpty();
    }

    @Test
    void whatHasEndedSaysWhy() {
        assertThat(end(session("Terminated").add("terminationReason", "It was stopped by alice"))).isEqualTo("It was stopped by alice");
        assertThat(end(session("Terminated"))).isEqualTo("ended");
    }
}
