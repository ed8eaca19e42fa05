package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.BodyCheck;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.InboundIdentity;
import dev.agentruntime.api.InboundRequest;
import dev.agentruntime.api.InboundVerdict;
import dev.agentruntime.api.Subject;
import dev.agentruntime.invocation.Doorman.Guest;
import dev.agentruntime.invocation.Operations.Found;
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
        return new Doorman(new OneInvocation(new CompletableFuture<>()), () -> room, Runnable::run, patience)
                .admit(caller.request(), caller.response(), List.of(found), Optional.of(found));
    }

    private Optional<Guest> admit(InboundVerdict verdict) throws Exception {
        return admit(Optional.of(request -> {
            judged.add(request);
            return verdict;
        }), "hello", Duration.ofMinutes(1));
    }

    private static InboundVerdict first(Function<byte[], InboundVerdict> judge) {
        return new InboundVerdict.BodyFirst(20_000, judge);
    }

    @Test
    void nobodyIsLetInWhileItIsNotKnownWhomAgentsLetIn() throws Exception {
        assertThat(admit(Optional.empty(), "hello", Duration.ofMinutes(1))).isEmpty();
        assertThat(caller.status()).isEqualTo(503);
    }

    @ParameterizedTest
    @CsvSource({"hello, hello", "arn:aws:bedrock-agentcore:eu-central-1:123456789012:runtime/hello, hello"})
    void whoMayIsAskedOfTheAgentHoweverItIsNamed(String written, String name) throws Exception {
        admit(Optional.of(request -> {
            judged.add(request);
            return ALICE;
        }), written, Duration.ofMinutes(1));
        assertThat(judged).singleElement().satisfies(request -> {
            assertThat(request.runtime()).hasValue(name);
            assertThat(request.operation()).hasValue("InvokeAgentRuntime");
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
        assertThat(slow.answer()).contains("did not come within", "x-amz-content-sha256");
    }

    private static int refusal(FakeCaller caller, Duration patience) throws Exception {
        assertThat(new Doorman(new OneInvocation(new CompletableFuture<>()), () -> Optional.of(request -> first(body -> ALICE)), Runnable::run, patience)
                .admit(caller.request(), caller.response(), List.of(), Optional.empty())).isEmpty();
        return caller.status();
    }
}
