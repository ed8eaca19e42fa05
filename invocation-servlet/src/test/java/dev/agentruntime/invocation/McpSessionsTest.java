package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.Subject;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class McpSessionsTest {

    private static final Subject ALICE = new Subject("https://idp.test", "alice");
    private static final Subject BOB = new Subject("https://idp.test", "bob");

    private final McpSessions known = new McpSessions();

    @Test
    void anIdOfTheAgentsLeadsToItsSession() {
        known.keep("echo", ALICE, "mcp-1", "session-1");
        assertThat(known.find("echo", ALICE, "mcp-1")).contains("session-1");
    }

    @Test
    void anIdOfOursNamesTheSessionItself() {
        assertThat(known.find("echo", ALICE, McpSessions.idFor("session-1"))).contains("session-1");
        assertThat(known.size()).isZero();
    }

    @Test
    void anAgentCannotPassAnIdOffAsOneOfOurs() {
        known.keep("echo", ALICE, McpSessions.idFor("session-2"), "session-1");
        assertThat(known.find("echo", ALICE, McpSessions.idFor("session-2"))).contains("session-2");
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
        assertThat(known.size()).isEqualTo(McpSessions.MOST_IDS_OF_ONE_SESSION + 1);
        assertThat(known.find("echo", BOB, "mcp-b")).contains("session-b");
        assertThat(known.find("echo", ALICE, "mcp-99999")).contains("session-1");
        unknown("echo", ALICE, "mcp-0");
    }

    @Test
    void theSessionThatWasUsedLongestAgoGoesFirst() {
        known.keep("echo", ALICE, "first", "first");
        known.keep("echo", ALICE, "second", "second");
        for (int i = 0; i < McpSessions.MOST_SESSIONS - 1; i++) {
            known.find("echo", ALICE, "first");
            known.keep("echo", subject(i / 500), "mcp-" + i, "session-" + i);
        }
        assertThat(known.find("echo", ALICE, "first")).contains("first");
        unknown("echo", ALICE, "second");
        assertThat(known.size()).isEqualTo(McpSessions.MOST_SESSIONS);
        assertThat(known.sessions()).isEqualTo(McpSessions.MOST_SESSIONS);
    }

    @Test
    void aSubjectWithManySessionsForgetsItsOwnOnly() {
        known.keep("echo", BOB, "mcp-b", "session-b");
        for (int i = 0; i < 3 * McpSessions.MOST_SESSIONS; i++) {
            known.keep(i % 2 == 0 ? "echo" : "other", ALICE, "mcp-" + i, "session-" + i);
        }
        assertThat(known.sessions()).isEqualTo(McpSessions.MOST_SESSIONS_OF_ONE_SUBJECT + 1);
        assertThat(known.find("echo", BOB, "mcp-b")).contains("session-b");
        assertThat(known.find("other", ALICE, "mcp-29999")).contains("session-29999");
        unknown("echo", ALICE, "mcp-0");
    }

    @Test
    void sessionsOfOneIdInTwoRuntimesHaveIdsOfTheirOwn() {
        for (int i = 0; i < McpSessions.MOST_IDS_OF_ONE_SESSION; i++) {
            known.keep("echo", ALICE, "mcp-" + i, "session-1");
            known.keep("other", ALICE, "mcp-" + i, "session-1");
        }
        assertThat(known.find("echo", ALICE, "mcp-0")).contains("session-1");
        assertThat(known.find("other", ALICE, "mcp-0")).contains("session-1");
    }

    @Test
    void aSessionWithoutAnIdTakesNoRoom() {
        for (int i = 0; i < 10; i++) {
            known.keep("echo", ALICE, "mcp-1", "session-" + i);
        }
        assertThat(known.sessions()).isEqualTo(1);
        known.forget("echo", ALICE, "mcp-1");
        assertThat(known.sessions()).isZero();
    }

    /** Whatever their length is, as far as HTTP takes it. */
    @Test
    void howeverLongIdsAndSubjectsAreWhatIsKeptOfThemIsBoundedInBytes() {
        long before = used();
        for (int i = 0; i < McpSessions.MOST_SESSIONS; i++) {
            Subject subject = new Subject("i".repeat(1024), "s".repeat(1000) + i);
            for (int id = 0; id < McpSessions.MOST_IDS_OF_ONE_SESSION; id++) {
                known.keep("echo", subject, "x".repeat(2000) + "-" + id, "session-" + i);
            }
        }
        assertThat(known.size()).isEqualTo(McpSessions.MOST_SESSIONS * McpSessions.MOST_IDS_OF_ONE_SESSION);
        assertThat((used() - before) >> 20).as("megabytes").isLessThan(40);
        Subject last = new Subject("i".repeat(1024), "s".repeat(1000) + (McpSessions.MOST_SESSIONS - 1));
        assertThat(known.find("echo", last, "x".repeat(2000) + "-15")).contains("session-" + (McpSessions.MOST_SESSIONS - 1));
    }

    private static long used() {
        ManagementFactory.getMemoryMXBean().gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static Subject subject(int number) {
        return new Subject("https://idp.test", "subject-" + number);
    }

    @Test
    void anIdThatMovesToAnotherSessionIsInThatOnly() {
        known.keep("echo", ALICE, "mcp-1", "session-1");
        known.keep("echo", ALICE, "mcp-1", "session-2");
        assertThat(known.find("echo", ALICE, "mcp-1")).contains("session-2");
        assertThat(known.size()).isEqualTo(1);
    }

    private void unknown(String runtime, Subject subject, String id) {
        assertThat(known.find(runtime, subject, id)).isEmpty();
    }
}
