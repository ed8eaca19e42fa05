package dev.agentruntime.agentctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.client.ScriptedServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryTest {

    @TempDir
    private Path folder;
    private final ScriptedServer server = MemoryWorld.up();

    @AfterEach
    void stop() {
        server.close();
    }

    private Ran.In in() {
        return new Ran.In(folder).server(server.endpoint()).with("AGENTCTL_TOKEN", "T");
    }

    private Ran run(String line) {
        return in().run(("memory " + line).split(" "));
    }

    @Test
    void aMemoryIsMadeWithStrategiesInTheWordsOfServerXmlOrAgentCore() {
        assertThat(run("create desk --event-expiry 90 --strategy semantic --strategy USER_PREFERENCE")).returns(0, Ran::code)
                .returns("The memory desk is made; its id is desk-aB3dE6gH9k\n", Ran::out);
        assertThat(server.last().text()).startsWith("{\"name\":\"desk\",\"eventExpiryDuration\":90,\"memoryStrategies\":[{\"semanticMemoryStrategy\":{\"name\":\"semantic\"}},"
                + "{\"userPreferenceMemoryStrategy\":{\"name\":\"user_preference\"}}],\"clientToken\":");
        assertThat(in().run("memory", "create", "desk", "--description", "a b").code()).isZero();
        assertThat(server.last().text()).startsWith("{\"name\":\"desk\",\"eventExpiryDuration\":30,\"description\":\"a b\",\"clientToken\":");
    }

    @ParameterizedTest
    @ValueSource(strings = {"create desk --strategy none", "create desk --event-expiry 90d", "events list desk --actor alice", "events list desk --session s1",
        "events list desk --actor alice --session s1 --count 0", "actors list desk -n 10001", "sessions list desk",
        "update desk", "update desk --add-strategy none", "records search desk", "records search desk late -n 101", "actors delete desk"})
    void whatIsWrongIsToldBeforeTheServerIsAsked(String line) {
        assertThat(run(line).code()).isEqualTo(2);
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void anIdIsTakenAsItIsAndANameIsLookedUp() {
        assertThat(run("show desk-aB3dE6gH9k --json").out()).isEqualTo(MemoryWorld.MEMORY + "\n");
        assertThat(server.asked()).hasSize(1);
        assertThat(run("show desk --json").out()).isEqualTo(MemoryWorld.MEMORY + "\n");
        assertThat(run("show des")).returns(5, Ran::code).returns("agentctl: There is no memory des. 'agentctl memory list' shows which there are.\n", Ran::err);
    }

    @Test
    void whoIsNoAdministratorReadsItsOwnEventsByTheId() {
        server.on("POST /memories/", 403, "{\"message\":\"This needs the role agent-admin\"}");
        assertThat(run("events list desk-aB3dE6gH9k --actor alice --session s1").out()).contains("Where is my order?");
        assertThat(run("events list desk --actor alice --session s1").code()).isEqualTo(4);
    }

    @Test
    void eventsAreInTheOrderInWhichTheyHappenedAndMoveNoTerminal() {
        assertThat(run("events list desk --actor alice --session s1 -n 50").out().lines()).hasSize(4).noneMatch(line -> line.contains("\u001b"))
                .element(1).asString().endsWith("USER       Where is my order? It is late.");
        assertThat(server.last().text()).isEqualTo("{\"maxResults\":50}");
        assertThat(run("events list desk --actor alice --session s1 --json").out().lines()).hasSize(2).first().asString().contains("\"eventId\":\"1#1\"");
    }

    @Test
    void aMemoryOfServerXmlIsShownAsOneAndNotDeleted() {
        assertThat(run("show fixed").out()).contains("changed in   server.xml");
        assertThat(run("delete fixed --yes")).returns(6, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("in server.xml"));
        assertThat(server.asked()).noneMatch(asked -> asked.method().equals("DELETE"));
    }

    @Test
    void ofAMemoryThatIsChangedTheRestStaysAsItIs() {
        assertThat(run("update desk --event-expiry 7")).returns(0, Ran::code).returns("The memory desk is changed\n", Ran::out);
        assertThat(server.last().text()).startsWith("{\"eventExpiryDuration\":7,\"clientToken\":");
        assertThat(run("update desk-aB3dE6gH9k --description x --add-strategy summary --remove-strategy semantic").code()).isZero();
        assertThat(server.last().text()).startsWith("{\"description\":\"x\",\"memoryStrategies\":{\"addMemoryStrategies\":[{\"summaryMemoryStrategy\":{\"name\":\"summary\"}}],"
                + "\"deleteMemoryStrategies\":[{\"memoryStrategyId\":\"semantic-aB3dE6gH9k\"}]},\"clientToken\":");
        assertThat(run("update desk --remove-strategy summary")).returns(5, Ran::code)
                .returns("agentctl: The memory desk has no strategy summary. 'agentctl memory show' names those that it has.\n", Ran::err);
    }

    @Test
    void whatIsKnownOfAnActorIsFoundAndForgotten() {
        assertThat(run("records list desk --path /actors/alice").out().lines()).hasSize(2).noneMatch(line -> line.contains("\u001b"))
                .element(1).asString().endsWith("Alice was told that her order is  [31mlate.");
        assertThat(server.last().text()).isEqualTo("{\"namespacePath\":\"/actors/alice\",\"maxResults\":100}");
        assertThat(in().run("memory", "records", "search", "desk", "is it late?", "-n", "3", "--json").out()).isEqualTo(MemoryWorld.RECORD + "\n");
        assertThat(server.last().text()).isEqualTo("{\"searchCriteria\":{\"searchQuery\":\"is it late?\",\"topK\":3},\"maxResults\":3}");
        assertThat(run("actors delete desk team/alice --yes")).returns("What the memory had of team/alice is deleted: events 12, records 1\n", Ran::out);
        assertThat(run("actors delete desk team/alice")).returns(2, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("Nothing was deleted"));
        assertThat(run("records delete desk " + MemoryWorld.RECORD_ID + " --yes --json").out())
                .isEqualTo("{\"memoryRecordId\":\"" + MemoryWorld.RECORD_ID + "\",\"deleted\":true}\n");
        assertThat(run("records delete desk mem-1 --yes").code()).isEqualTo(5);
    }

    /** As that of a variable that is not set. */
    @Test
    void anEmptyIdNamesNothingAndIsNoList() {
        for (String[] line : new String[][] {{"memory", "events", "list", "desk-1", "--actor", "", "--session", "s"}, {"memory", "actors", "delete", "desk-1", "", "--yes"},
            {"sessions", "stop", "hello", ""}, {"sessions", "show", "hello", ""}, {"endpoints", "delete", "hello", ""}}) {
            assertThat(in().run(line)).as(String.join(" ", line)).returns(2, Ran::code).returns("agentctl: A name or an id is empty. Is a variable not set?\n", Ran::err);
        }
        assertThat(server.asked()).noneMatch(asked -> asked.method().equals("DELETE"));
    }

    @Test
    void deletingIsAskedFor() {
        assertThat(run("delete desk")).returns(2, Ran::code).satisfies(ran -> assertThat(ran.err()).contains("Nothing was deleted"));
        assertThat(in().terminal().input("desk\n").run("memory", "delete", "desk").out()).isEqualTo("The memory desk is being deleted\n");
        assertThat(server.last().method()).isEqualTo("DELETE");
    }

    @Test
    void whoMayNotIsNotToldThatTheFeatureIsMissing() {
        server.on("GET /memories/desk-1/details", 404, "{\"message\":\"There is no memory desk-1.\"}").on("POST /memories/", 403, "{\"message\":\"No\"}");
        assertThat(run("show desk-1")).returns(5, Ran::code).returns("agentctl: There is no memory desk-1.\n", Ran::err);
    }
}
