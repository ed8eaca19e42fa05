package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.BodyCheck;
import dev.agentruntime.api.BodyRefusedException;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.InboundVerdict;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Subject;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class StopSessionTest {

    private static final Caller ALICE = new Caller(new Subject("urn:test", "alice"), false);

    private final List<String> stopped = new ArrayList<>();
    private final FakeCaller caller = new FakeCaller();

    private RequestException refusal = new RequestException(RequestException.Kind.NOT_FOUND, "There is none");

    private void stop(HttpServletRequest request) throws Exception {
        new StopSession(new OneInvocation(new CompletableFuture<>()) {
            @Override
            public CompletionStage<SessionView> stop(String runtime, String sessionId, Caller by) {
                stopped.add(sessionId);
                return CompletableFuture.failedFuture(refusal);
            }
        }, new Costs(Optional::empty)).serve(new Operation.Call(request, caller.response(), Map.of("runtime", "hello", "session", "s1"), ALICE, new WaitingReads()));
    }

    @Test
    void aBodyThatSaysNothingHereStopsTheSession() throws Exception {
        stop(caller.body("{\"clientToken\": \"0123456789\"}".getBytes(StandardCharsets.UTF_8)).request());
        assertThat(stopped).containsExactly("s1");
        assertThat(caller.status()).isEqualTo(404);
    }

    @Test
    void aBodyThatIsNotTheOneThatWasSignedStopsNothing() {
        BodyCheck wrong = new BodyCheck() {
            @Override
            public int take(byte[] buffer, int offset, int length) {
                return length;
            }

            @Override
            public void end() {
                throw new BodyRefusedException(new InboundVerdict.Refused(403, "InvalidSignatureException", "not the one that was signed"));
            }
        };
        HttpServletRequest judged = new JudgedRequest(caller.body("{}".getBytes(StandardCharsets.UTF_8)).request(), wrong, Optional.empty());
        assertThatThrownBy(() -> stop(judged)).isInstanceOf(BodyRefusedException.class);
        assertThat(stopped).isEmpty();
    }

    @Test
    void whatKeepsAVmFromEndingIsToldItsCallerWithoutThePlacesOfTheHost() throws Exception {
        refusal = new RequestException(RequestException.Kind.PLATFORM, "The file /dev/shm/agrt-x/ram cannot be removed.");
        stop(caller.body(new byte[0]).request());
        assertThat(caller.answer()).contains("ram cannot be removed").doesNotContain("/dev/shm");
    }

    @Test
    void aBodyThatIsTooLargeStopsNothing() {
        assertThatThrownBy(() -> stop(caller.body(new byte[4097]).request())).isInstanceOfSatisfying(RequestException.class,
                refused -> assertThat(refused.kind()).isEqualTo(RequestException.Kind.VALIDATION));
        assertThat(stopped).isEmpty();
    }
}
