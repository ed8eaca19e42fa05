package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.BodyCheck;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.InboundIdentity;
import dev.agentruntime.api.InboundRequest;
import dev.agentruntime.api.InboundVerdict;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.TokensTaken;
import dev.agentruntime.invocation.Doorman.Guest;
import dev.agentruntime.invocation.Operations.Found;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DoormanTest {

    private static final InboundVerdict ALICE =
            new InboundVerdict.Admitted(new Caller(new Subject("urn:test", "alice"), false), BodyCheck.NONE);

    private final List<InboundRequest> judged = new ArrayList<>();
    private final FakeCaller caller = new FakeCaller();

    private Optional<Guest> admit(Optional<InboundIdentity> room, String runtime, Duration patience) throws Exception {
        Found found = new Found(Operation.of("InvokeAgentRuntime", "POST", "/runtimes/{runtime}/invocations", Operation.Who.INVOKER, call -> { }),
                Map.of("runtime", runtime));
        return new Doorman(new OneInvocation(new CompletableFuture<>()), () -> room, () -> Optional.of("https://servers.example"), Runnable::run, patience)
                .admit(caller.request(), caller.response(), List.of(found), Optional.of(found));
    }

    private Optional<Guest> admit(InboundVerdict verdict) throws Exception {
        return admit(Optional.of(room(verdict)), "hello", Duration.ofMinutes(1));
    }

    private InboundIdentity room(InboundVerdict verdict) {
        return room(request -> {
            judged.add(request);
            return verdict;
        });
    }

    private static InboundIdentity room(Function<InboundRequest, InboundVerdict> judge) {
        return new InboundIdentity() {
            @Override
            public InboundVerdict judge(InboundRequest request) {
                return judge.apply(request);
            }

            @Override
            public Optional<TokensTaken> tokens(String runtime, String qualifier) {
                return switch (runtime) {
                    case "signed" -> Optional.empty();
                    case "own" -> Optional.of(new TokensTaken(Optional.of("https://idp.example"), List.of("agents.invoke")));
                    default -> Optional.of(new TokensTaken(Optional.empty(), List.of()));
                };
            }
        };
    }

    private static InboundVerdict first(Function<byte[], InboundVerdict> judge) {
        return new InboundVerdict.BodyFirst(20_000, judge);
    }

    @Test
    void nobodyIsLetInWhileItIsNotKnownWhomAgentsLetIn() throws Exception {
        assertThat(admit(Optional.empty(), "hello", Duration.ofMinutes(1))).isEmpty();
        assertThat(caller.status()).isEqualTo(503);
        assertThat(caller.answerHeaders("Retry-After")).containsExactly("1");
    }

    @ParameterizedTest
    @CsvSource({"hello, hello", "arn:aws:bedrock-agentcore:eu-central-1:123456789012:runtime/hello, hello"})
    void whoMayIsAskedOfTheAgentHoweverItIsNamed(String written, String name) throws Exception {
        admit(Optional.of(room(ALICE)), written, Duration.ofMinutes(1));
        assertThat(judged).singleElement().satisfies(request -> {
            assertThat(request.runtime()).hasValue(name);
            assertThat(request.operation()).hasValue("InvokeAgentRuntime");
        });
    }

    @ParameterizedTest
    @CsvSource({"agentRuntimeId, hello-0123456789", "resourceArn, arn:aws:bedrock-agentcore:eu-central-1:123456789012:runtime/hello-0123456789",
        "resourceArn, arn:aws:bedrock-agentcore:eu-central-1:123456789012:runtime/hello-0123456789/runtime-endpoint/prod"})
    void whoMayManageAnAgentRuntimeIsAskedOfThatButNotWhomItLetsIn(String part, String written) throws Exception {
        Found found = new Found(Operation.of("UpdateAgentRuntime", "POST", "/runtimes/{" + part + "}/", Operation.Who.ADMIN, call -> { }),
                Map.of(part, written));
        new Doorman(new OneInvocation(new CompletableFuture<>()), () -> Optional.of(room(ALICE)), Optional::empty, Runnable::run, Duration.ofMinutes(1))
                .admit(caller.request(), caller.response(), List.of(found), Optional.of(found));
        assertThat(judged).singleElement().satisfies(request -> {
            assertThat(request.managed()).hasValue("hello-0123456789");
            assertThat(request.runtime()).isEmpty();
        });
    }

    @Test
    void theHostOfARequestWithoutAHeaderForItIsThatWhichWasAsked() throws Exception {
        admit(ALICE);
        assertThat(judged.get(0).header("host")).hasValue("localhost:9080");
        caller.header("Host", "agents.example");
        admit(ALICE);
        assertThat(judged.get(1).header("host")).hasValue("agents.example");
    }

    @ParameterizedTest
    @CsvSource({"POST, true", "PUT, true", "PATCH, true", "GET, false", "DELETE, false"})
    void overHttp2ABodyMayFollowThatNoHeaderAnnounces(String method, boolean body) throws Exception {
        caller.method(method).protocol("HTTP/2.0");
        admit(ALICE);
        assertThat(judged).singleElement().extracting(InboundRequest::hasBody).isEqualTo(body);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"hello | hello", "arn:aws:bedrock-agentcore:l:0:runtime/hello | arn%3Aaws%3Abedrock-agentcore%3Al%3A0%3Aruntime%2Fhello",
        "a b\"c | a%20b%22c"})
    void aChallengeForATokenSaysWhereItIsToldWhoMakesThem(String named, String written) throws Exception {
        InboundVerdict refused = new InboundVerdict.Refused(401, "UnauthorizedException", "no", Optional.of("Bearer realm=\"agents\""));
        assertThat(admit(Optional.of(room(refused)), named, Duration.ofMinutes(1))).isEmpty();
        assertThat(caller.answerHeaders("WWW-Authenticate")).containsExactly("Bearer realm=\"agents\", resource_metadata=\"http://localhost:9080/agents/runtimes/"
                + written + "/invocations/.well-known/oauth-protected-resource?qualifier=DEFAULT\"");
    }

    @Test
    void aHostThatCannotStandInAChallengeIsLeftOut() throws Exception {
        caller.header("Host", "a\", error=\"x");
        admit(new InboundVerdict.Refused(401, "UnauthorizedException", "no", Optional.of("Bearer realm=\"agents\"")));
        assertThat(caller.answerHeaders("WWW-Authenticate")).containsExactly("Bearer realm=\"agents\"");
    }

    private static String described(String named, Optional<String> servers) {
        return ProtectedResource.document(new FakeCaller().request(), named, RuntimeName.of(named), room(request -> ALICE), servers).toString();
    }

    @Test
    void whoseTokensOpenAnAgentIsToldToAnybody() {
        assertThat(described("hello", Optional.of("https://servers.example"))).isEqualTo("{\"resource\":\"http://localhost:9080/agents/runtimes/hello/invocations\","
                + "\"resource_name\":\"hello\",\"authorization_servers\":[\"https://servers.example\"],\"bearer_methods_supported\":[\"header\"]}");
        assertThat(described("hello", Optional.empty())).doesNotContain("authorization_servers");
        assertThat(described("arn:aws:bedrock-agentcore:l:0:runtime/own", Optional.of("https://servers.example"))).contains("runtime%2Fown/invocations",
                "\"authorization_servers\":[\"https://idp.example\"]", "\"scopes_supported\":[\"agents.invoke\"]");
        assertThatThrownBy(() -> described("signed", Optional.empty())).isInstanceOfSatisfying(RequestException.class,
                refused -> assertThat(refused.kind()).isEqualTo(RequestException.Kind.NOT_FOUND));
    }

    @Test
    void whoseTokensOpenAnAgentIsAskedByTheNameThatIsMeantAndOfTheEndpointThatIsNamed() throws Exception {
        List<String> asked = new ArrayList<>();
        InboundIdentity room = new InboundIdentity() {
            @Override
            public InboundVerdict judge(InboundRequest request) {
                return ALICE;
            }

            @Override
            public Optional<TokensTaken> tokens(String runtime, String qualifier) {
                asked.add(runtime + " " + qualifier);
                return Optional.of(new TokensTaken(Optional.of("https://idp.example"), List.of()));
            }
        };
        Platform platform = new OneInvocation(new CompletableFuture<>()) {
            @Override
            public String meant(String given) {
                return given + "-0123456789";
            }
        };
        caller.query("qualifier=prod");
        new Doorman(platform, () -> Optional.of(room), Optional::empty, Runnable::run, Duration.ofMinutes(1)).describe(caller.request(), caller.response(), "hello");
        assertThat(asked).containsExactly("hello-0123456789 prod");
        assertThat(caller.answer()).contains("\"resource_name\":\"hello\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"qualifier=prod | prod", "a=b&qualifier=p%72od&qualifier=other | prod", "a=b | ''"})
    void anEndpointIsJudgedThatIsServed(String query, String qualifier) throws Exception {
        caller.query(query);
        admit(ALICE);
        assertThat(judged).singleElement().extracting(InboundRequest::qualifier).isEqualTo(qualifier);
    }

    @ParameterizedTest
    @CsvSource({"GET, /runtimes/a/invocations/.well-known/oauth-protected-resource, a", "HEAD, /runtimes/a%2Fb/invocations/.well-known/oauth-protected-resource, a/b",
        "POST, /runtimes/a/invocations/.well-known/oauth-protected-resource,", "GET, /runtimes/a/.well-known/oauth-protected-resource,",
        "GET, /runtimes/../invocations/.well-known/oauth-protected-resource,", "GET, /runtimes/a/invocations/.well-known/oauth-protected-resource/x,"})
    void onlyTheDocumentIsForAnybody(String method, String path, String named) {
        assertThat(ProtectedResource.asked(caller.method(method).request(), path)).isEqualTo(Optional.ofNullable(named));
    }

    @Test
    void aBodyThatIsReadFirstIsThereForWhoServesIt() throws Exception {
        caller.body("hello".getBytes());
        Guest guest = admit(first(body -> new String(body).equals("hello") ? ALICE : new InboundVerdict.Refused(403, "X", "other"))).orElseThrow();
        assertThat(guest.request().getInputStream().readAllBytes()).asString().isEqualTo("hello");
        assertThat(JudgedRequest.bodyOf(guest.request()).isFinished()).isTrue();
    }

    @Test
    void aBodyThatIsReadFirstMayBeNeitherLargeNorSlow() throws Exception {
        caller.bodyOfLength(20_001);
        assertThat(admit(first(body -> ALICE))).isEmpty();
        assertThat(caller.status()).isEqualTo(400);
        FakeCaller unannounced = new FakeCaller();
        unannounced.in.feed(new byte[20_001]);
        unannounced.in.end();
        assertThat(refusal(unannounced, Duration.ofMinutes(1))).isEqualTo(400);
        FakeCaller slow = new FakeCaller();
        slow.in.feed(new byte[5]);
        slow.in.feed(new byte[5]);
        slow.in.end();
        assertThat(refusal(slow, Duration.ofNanos(-1))).isEqualTo(408);
        assertThat(slow.answer()).contains("came too slowly", "x-amz-content-sha256");
    }

    @Test
    void aBodyThatIsReadFirstAndBreaksOffIsItsCallersFault() throws Exception {
        FakeCaller broken = new FakeCaller();
        broken.in.feed(new byte[5]);
        broken.in.fail(new IOException("bad chunk"));
        assertThat(refusal(broken, Duration.ofMinutes(1))).isEqualTo(400);
        assertThat(broken.answer()).contains("did not arrive whole");
    }

    private static int refusal(FakeCaller caller, Duration patience) throws Exception {
        assertThat(new Doorman(new OneInvocation(new CompletableFuture<>()), () -> Optional.of(room(request -> first(body -> ALICE))), Optional::empty, Runnable::run, patience)
                .admit(caller.request(), caller.response(), List.of(), Optional.empty())).isEmpty();
        return caller.status();
    }
}
