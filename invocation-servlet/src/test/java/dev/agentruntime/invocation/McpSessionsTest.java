package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.Subject;
import org.junit.jupiter.api.Test;

class McpSessionsTest {

    private static final Subject ALICE = new Subject("https://idp.test", "alice");
    private static final Subject BOB = new Subject("https://idp.test", "bob");

    private final McpSessions known = new McpSessions();

    @Test
    void anIdOfTheAgentsLeadsToItsSession() {
        known.keep("echo", ALICE, "mcp-1", "session-1");
        assertThat(known.sessionOf("echo", ALICE, "mcp-1")).isEqualTo("session-1");
    }

    @Test
    void anIdOfOursNamesTheSessionItself() {
        assertThat(known.sessionOf("echo", ALICE, McpSessions.idFor("session-1"))).isEqualTo("session-1");
        assertThat(known.size()).isZero();
    }

    @Test
    void anAgentCannotPassAnIdOffAsOneOfOurs() {
        known.keep("echo", ALICE, McpSessions.idFor("session-2"), "session-1");
        assertThat(known.sessionOf("echo", ALICE, McpSessions.idFor("session-2"))).isEqualTo("session-2");
    }

    @Test
    void anIdIsItsOwnersAndItsRuntimesOnly() {
        known.keep("echo", ALICE, "mcp-1", "session-1");
        unknown("echo", BOB, "mcp-1");
        unknown("other", ALICE, "mcp-1");
        unknown("echo", ALICE, "mcp-2");
    }

    @Test
    void anEndedOneIsForgotten() {
        known.keep("echo", ALICE, "mcp-1", "session-1");
        known.forget("echo", ALICE, "mcp-1");
        unknown("echo", ALICE, "mcp-1");
        assertThat(known.size()).isZero();
    }

    @Test
    void anAgentThatGivesManyIdsForgetsItsOwnOnly() {
        known.keep("echo", BOB, "mcp-b", "session-b");
        for (int i = 0; i < 100_000; i++) {
            known.keep("echo", ALICE, "mcp-" + i, "session-1");
        }
        assertThat(known.size()).isEqualTo(McpSessions.MOST_IDS_OF_ONE + 1);
        assertThat(known.sessionOf("echo", BOB, "mcp-b")).isEqualTo("session-b");
        assertThat(known.sessionOf("echo", ALICE, "mcp-99999")).isEqualTo("session-1");
        unknown("echo", ALICE, "mcp-0");
    }

    @Test
    void theSessionThatWasUsedLongestAgoGoesFirst() {
        known.keep("echo", ALICE, "first", "first");
        known.keep("echo", ALICE, "second", "second");
        for (int i = 0; i < McpSessions.MOST_SESSIONS - 1; i++) {
            known.sessionOf("echo", ALICE, "first");
            known.keep("echo", ALICE, "mcp-" + i, "session-" + i);
        }
        assertThat(known.sessionOf("echo", ALICE, "first")).isEqualTo("first");
        unknown("echo", ALICE, "second");
        assertThat(known.size()).isEqualTo(McpSessions.MOST_SESSIONS);
    }

    @Test
    void anIdThatMovesToAnotherSessionIsInThatOnly() {
        known.keep("echo", ALICE, "mcp-1", "session-1");
        known.keep("echo", ALICE, "mcp-1", "session-2");
        assertThat(known.sessionOf("echo", ALICE, "mcp-1")).isEqualTo("session-2");
        assertThat(known.size()).isEqualTo(1);
    }

    @Test
    void anEndlessIdIsNotKept() {
        known.keep("echo", ALICE, "x".repeat(1025), "session-1");
        assertThat(known.size()).isZero();
    }

    private void unknown(String runtime, Subject subject, String id) {
        assertThatThrownBy(() -> known.sessionOf(runtime, subject, id)).isInstanceOfSatisfying(RequestException.class,
                refused -> assertThat(refused.kind()).isEqualTo(Kind.NOT_FOUND));
    }
}
