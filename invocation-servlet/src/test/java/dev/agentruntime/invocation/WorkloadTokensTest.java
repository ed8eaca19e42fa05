package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.Invocation.Outcome;
import dev.agentruntime.api.SessionTokens;
import dev.agentruntime.api.Subject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;

class WorkloadTokensTest {

    private static final Caller ALICE = new Caller(new Subject("https://idp.test", "alice"), false);

    private final AtomicInteger made = new AtomicInteger();
    private final SessionTokens tokens = (session, caller, own) -> caller.equals(session.subject())
            ? Optional.of("token-" + made.incrementAndGet() + "-of-" + session.sessionId()) : Optional.empty();
    private final FakeInvocation invocation = new FakeInvocation(1);

    private HttpFields given(WorkloadTokens room, Caller caller, String... sent) {
        HttpFields.Mutable headers = HttpFields.build();
        for (String name : sent) {
            headers.add(name, "of-the-caller");
        }
        room.give(headers, invocation, caller, Optional.empty());
        return headers.asImmutable();
    }

    @Test
    void anAgentIsGivenANewTokenWithEachInvocationUnderBothNames() {
        WorkloadTokens room = new WorkloadTokens(() -> Optional.of(tokens));
        HttpFields first = given(room, ALICE);
        assertThat(first.getValuesList("WorkloadAccessToken")).containsExactly("token-1-of-session-1");
        assertThat(first.getValuesList("X-Amz-Bedrock-AgentCore-Identity-WAT")).containsExactly("token-1-of-session-1");
        assertThat(given(room, ALICE).get("WorkloadAccessToken")).isEqualTo("token-2-of-session-1");
    }

    @Test
    void whatACallerSendsAsATokenNeverReachesTheAgent() {
        String[] both = {"workloadaccesstoken", "WorkloadAccessToken", "x-amz-bedrock-agentcore-identity-wat"};
        assertThat(given(new WorkloadTokens(() -> Optional.of(tokens)), ALICE, both).stream()).extracting(field -> field.getValue())
                .containsExactly("token-1-of-session-1", "token-1-of-session-1");
        assertThat(given(new WorkloadTokens(Optional::empty), ALICE, both).size()).isZero();
    }

    @Test
    void whoUsesTheSessionOfAnotherBringsItsAgentNoToken() {
        Caller admin = new Caller(new Subject("https://idp.test", "admin"), true);
        assertThat(given(new WorkloadTokens(() -> Optional.of(tokens)), admin, "WorkloadAccessToken").size()).isZero();
    }

    @Test
    void theCallersOwnTokenIsForTheRoomAndNotForTheAgent() throws Exception {
        List<Optional<String>> told = new CopyOnWriteArrayList<>();
        List<String> heads = new CopyOnWriteArrayList<>();
        WorkloadTokens room = new WorkloadTokens(() -> Optional.of((session, caller, own) -> {
            told.add(own);
            return Optional.of("token");
        }));
        try (RawAgent agent = new RawAgent((head, connection) -> {
            heads.add(head);
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        })) {
            for (String authorization : List.of("bearer  the.callers.own", "AWS4-HMAC-SHA256 Credential=AK, Signature=0", "")) {
                FrontDoor door = FrontDoor.open(new FrontDoorLimits(Duration.ofSeconds(20)), new Costs(Optional::empty), room);
                try {
                    FakeInvocation invoked = new FakeInvocation(agent.port());
                    FakeCaller caller = new FakeCaller().body(new byte[] {'{', '}'});
                    if (!authorization.isEmpty()) {
                        caller.header("Authorization", authorization);
                    }
                    Exchange.begin(caller.request(), caller.response(), "echo", ALICE, new OneInvocation(CompletableFuture.completedFuture(invoked)), door);
                    assertThat(invoked.outcome).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(Outcome.SUCCESS);
                } finally {
                    door.close();
                }
            }
        }
        assertThat(told).as("a signature is no token").containsExactly(Optional.of("the.callers.own"), Optional.empty(), Optional.empty());
        assertThat(heads).hasSize(3).noneMatch(head -> head.contains("the.callers.own"));
    }

    @Test
    void theTokenGoesOverTheWireAlsoToAnAgentThatIsToHaveWhatTheCallerSendsUnderItsName() throws Exception {
        List<String> heads = new CopyOnWriteArrayList<>();
        FrontDoor door = FrontDoor.open(new FrontDoorLimits(Duration.ofSeconds(20)), new Costs(Optional::empty), new WorkloadTokens(() -> Optional.of(tokens)));
        try (RawAgent agent = new RawAgent((head, connection) -> {
            heads.add(head);
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        })) {
            FakeInvocation wants = new FakeInvocation(agent.port()).withHeaders("workloadaccesstoken");
            FakeCaller caller = new FakeCaller().header("workloadaccesstoken", "of-the-caller").body(new byte[] {'{', '}'});
            Exchange.begin(caller.request(), caller.response(), "echo", ALICE, new OneInvocation(CompletableFuture.completedFuture(wants)), door);
            assertThat(wants.outcome).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(Outcome.SUCCESS);
            assertThat(heads).singleElement().asString().contains("WorkloadAccessToken: token-1-of-session-1\r\n")
                    .contains("X-Amz-Bedrock-AgentCore-Identity-WAT: token-1-of-session-1\r\n").doesNotContain("of-the-caller");
        } finally {
            door.close();
        }
    }
}
