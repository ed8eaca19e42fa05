package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RoomOperations;
import dev.agentruntime.api.Subject;
import dev.agentruntime.invocation.Operation.Who;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperationsTest {

    private final FrontDoor door = FrontDoor.open(FrontDoorLimits.of("PT5S"));
    private final Operations operations = Operations.of(new OneInvocation(new CompletableFuture<>()), door);

    @AfterEach
    void close() {
        door.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/openapi | GET, HEAD",
        "/runtimes | GET, HEAD",
        "/runtimes/hello | GET, HEAD",
        "/runtimes/hello/invocations | DELETE, GET, POST",
        "/runtimes/hello/stopruntimesession | POST",
        "/runtimes/hello/ws | GET",
        "/runtimes/hello/ws/shells | GET",
        "/runtimes/hello/commands | POST",
        "/runtimes/hello/sessions | GET, HEAD",
        "/runtimes/hello/sessions/s1 | DELETE, GET, HEAD, PATCH",
        "/runtimes/hello/sessions/s1/logs | GET",
        "/runtimes/hello/sessions/s1/connections | GET, HEAD"})
    void everyPathHasItsMethods(String path, String methods) {
        assertThat(Operations.methods(operations.at(path))).isEqualTo(methods);
    }

    @Test
    void everyOperationHasANameForRightsOfAccessKeysAndWhatStopsSessionsHasOneHoweverItIsAskedFor() {
        assertThat(operations.own()).allSatisfy(row -> assertThat(row.name()).matches("[A-Z][A-Za-z]+"));
        assertThat(operations.own().stream().filter(row -> !(row.handler() instanceof StopSession)).map(Operation::name)).doesNotHaveDuplicates();
        assertThat(operations.own().stream().filter(row -> row.handler() instanceof StopSession).map(Operation::name))
                .containsOnly("StopRuntimeSession").hasSize(2);
    }

    @Test
    void aMethodFindsItsOperationAndWhatThePathNames() {
        List<Operations.Found> found = operations.at("/runtimes/hello/sessions/s1");
        assertThat(Operations.withMethod(found, "DELETE")).hasValueSatisfying(one -> {
            assertThat(one.path()).isEqualTo(Map.of("runtime", "hello", "session", "s1"));
            assertThat(one.operation().handler()).isInstanceOf(StopSession.class);
        });
        assertThat(Operations.withMethod(found, "PUT")).isEmpty();
        assertThat(Operations.withMethod(found, "delete")).isEmpty();
    }

    @Test
    void aRoomsOperationsAreInTheTableWhileItIsThere() {
        AtomicReference<Optional<RoomOperations>> room = new AtomicReference<>(Optional.empty());
        Operations table = Operations.of(new OneInvocation(new CompletableFuture<>()), door, new RoomRows(List.of(room::get)));
        assertThat(table.at("/runtimes/")).isEmpty();
        room.set(Optional.of(() -> List.of(
                new RoomOperations.Row("List", "POST", "/runtimes/", RoomOperations.Who.ADMIN, request -> null),
                new RoomOperations.Row("Open", "GET", "/open", RoomOperations.Who.ANYBODY, request -> null),
                new RoomOperations.Row("Get", "GET", "/runtimes/{agentRuntimeId}/", RoomOperations.Who.ADMIN, request -> null))));

        assertThat(Operations.methods(table.at("/runtimes/"))).isEqualTo("POST");
        assertThat(table.at("/runtimes/").get(0).operation().who()).isEqualTo(Who.ADMIN);
        assertThat(table.at("/open").get(0).operation().who()).isEqualTo(Who.ANYBODY);
        assertThat(table.at("/runtimes/a/").get(0).path()).isEqualTo(Map.of("agentRuntimeId", "a"));
        assertThat(Operations.methods(table.at("/runtimes/a"))).isEqualTo("GET, HEAD");
        assertThat(table.at("/runtimes/a//")).isEmpty();
        assertThat(table.at("/runtimes//")).isEmpty();
    }

    @Test
    void theFrontDoorsOwnRowsComeBeforeARooms() {
        Operations table = Operations.of(new OneInvocation(new CompletableFuture<>()), door, new RoomRows(List.of(() -> Optional.of(() -> List.of(
                new RoomOperations.Row("Take", "PUT", "/runtimes/{any}", RoomOperations.Who.INVOKER, request -> null))))));
        assertThat(Operations.methods(table.at("/runtimes/a"))).isEqualTo("GET, HEAD");
    }

    @Test
    void everyNameOfARuntimeLeadsToTheOneThatRightsAndSessionsGoBy() {
        Operations table = new Operations(operations.own(), new RoomRows(List.of()),
                given -> given.equals("hello-0123456789") ? "hello" : given);
        String arn = "arn%3Aaws%3Abedrock-agentcore%3Alocal%3A000000000000%3Aruntime%2Fhello-0123456789";
        for (String path : List.of("/runtimes/%s/invocations", "/runtimes/%s", "/runtimes/%s/sessions", "/runtimes/%s/sessions/s1/logs")) {
            for (String name : List.of("hello", "hello-0123456789", arn, arn.replace("%3A", ":").replace("%2F", "%2f"))) {
                assertThat(table.at(path.formatted(name))).isNotEmpty().allSatisfy(
                        found -> assertThat(found.path()).containsEntry("runtime", "hello"));
            }
        }
    }

    private static RoomOperations roomOf(String region, String account) {
        return new RoomOperations() {
            @Override
            public List<Row> operations() {
                return List.of();
            }

            @Override
            public boolean isOwn(Optional<String> otherRegion, String otherAccount) {
                return otherRegion.filter(other -> !other.equals(region)).isEmpty() && otherAccount.equals(account);
            }
        };
    }

    @ParameterizedTest
    @CsvSource({"eu-central-1, 123456789012, '', true", "us-east-1, 123456789012, '', false", "eu-central-1, 210987654321, '', false",
        "eu-central-1, 123456789012, accountId=123456789012, true", "eu-central-1, 123456789012, accountId=210987654321, false"})
    void anArnOfAnotherRegionOrAccountIsNobodysHere(String region, String account, String query, boolean here) {
        Operations table = Operations.of(new OneInvocation(new CompletableFuture<>()), door,
                new RoomRows(List.of(() -> Optional.of(roomOf("eu-central-1", "123456789012")))));
        Map<String, String> path = table.at("/runtimes/arn%3Aaws%3Abedrock-agentcore%3A" + region + "%3A" + account + "%3Aruntime%2Fhello/ws").get(0).path();
        if (here) {
            table.checkHere(path, Query.of(query));
            assertThat(path).containsEntry("runtime", "hello");
        } else {
            assertThatThrownBy(() -> table.checkHere(path, Query.of(query))).isInstanceOfSatisfying(RequestException.class,
                    e -> assertThat(e.kind()).isEqualTo(RequestException.Kind.FORBIDDEN));
        }
    }

    @Test
    void withoutARoomThatKnowsItEveryArnIsOfThisServer() {
        operations.checkHere(Map.of("runtime", "arn:aws:bedrock-agentcore:us-east-1:1:runtime/hello"), Query.of("accountId=1"));
        operations.checkHere(Map.of(), Query.of("accountId=1"));
    }

    @Test
    void anArnStaysInItsSegment() {
        assertThat(operations.at("/runtimes/arn%3Aaws%3Aruntime%2Fhello/invocations").get(0).path())
                .isEqualTo(Map.of("runtime", "arn:aws:runtime/hello"));
    }

    @Test
    void aPlusSignIsAPlusSign() {
        assertThat(operations.at("/runtimes/a+b").get(0).path()).isEqualTo(Map.of("runtime", "a+b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "runtimes", "/runtimes/", "/runtimes//invocations", "/runtime", "/runtimes/a/other",
        "/runtimes/a/sessions/s/more", "/runtimes/%zz", "/runtimes/a%2", "/runtimes/a%2Finvocations/sessions/s/x", "/runtimes\\a",
        "/runtimes/a\\b", "/runtimes/a%5Cb", "/runtimes/..", "/runtimes/.", "/runtimes/%2e%2e", "/runtimes/b/../a", "/runtimes/%2E/sessions/..", "/runtimes/a%00", "/runtimes/%0d%0a", "/runtimes/a%1bb", "/runtimes/%ff", "/runtimes;x/a"})
    void anythingElseIsNothing(String path) {
        assertThat(operations.at(path)).isEmpty();
        assertThat(Operations.methods(operations.at(path))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/agents, /agents/runtimes, /runtimes", "/agents, /%61gents/runtimes, /runtimes", "'', /runtimes/a, /runtimes/a",
        "/agents, /agents, ''", "/a/b, /a/b/runtimes, /runtimes", "/a/b, /%61/b/runtimes, /runtimes", "/agents, \\agents, ''",
        "/agents, '', ''"})
    void aPathBeginsBehindTheContextRootHoweverThatIsWritten(String root, String uri, String below) {
        assertThat(PathPattern.below(root, uri)).isEqualTo(below);
    }

    @Test
    void administratorsMayWhatOthersMay() {
        Subject who = new Subject("https://idp.test", "root");
        assertThat(Who.values()).allMatch(row -> row.includes(new Caller(who, true)));
        assertThat(Who.INVOKER.includes(new Caller(who, false))).isTrue();
        assertThat(Who.ADMIN.includes(new Caller(who, false))).isFalse();
    }
}
