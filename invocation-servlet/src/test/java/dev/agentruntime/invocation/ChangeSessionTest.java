package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.BodyRefusedException;
import dev.agentruntime.api.Caller;
import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Usage;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeSessionTest {

    private static final Caller ALICE = new Caller(new Subject("urn:test", "alice"), false);

    private final List<Duration> changed = new ArrayList<>();
    private final FakeCaller caller = new FakeCaller();

    private void change(String body) throws Exception {
        caller.body(body.getBytes(StandardCharsets.UTF_8));
        new ChangeSession(new OneInvocation(new CompletableFuture<>()) {
            @Override
            public SessionView changeIdleTimeout(String runtime, String sessionId, Caller by, Duration idleTimeout) {
                assertThat(List.of(runtime, sessionId, by)).containsExactly("hello", "s1", ALICE);
                changed.add(idleTimeout);
                return new SessionView("s1", "hello", "", SessionView.Status.IDLE, ALICE.subject(), Instant.EPOCH, Instant.EPOCH, Optional.empty(),
                        Optional.empty(), Optional.empty(), Optional.empty(), new Usage(0, BigDecimal.ZERO, 0, 0, MeterSource.CGROUP)).idleFor(idleTimeout);
            }
        }, new Costs(Optional::empty)).serve(new Operation.Call(caller.request(), caller.response(), Map.of("runtime", "hello", "session", "s1"), ALICE, new WaitingReads()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"60", "1", "1209600", "6e1", "60.0"})
    void theTimeoutOfOneSessionIsChangedAndShown(String seconds) throws Exception {
        change("{\"idleRuntimeSessionTimeout\": " + seconds + "}");
        assertThat(changed).hasSize(1);
        assertThat(caller.answer()).contains("\"idleRuntimeSessionTimeout\":" + changed.get(0).toSeconds());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{}", "null", "{\"idleRuntimeSessionTimeout\": 0}", "{\"idleRuntimeSessionTimeout\": -1}",
        "{\"idleRuntimeSessionTimeout\": 1209601}", "{\"idleRuntimeSessionTimeout\": 1.5}", "{\"idleRuntimeSessionTimeout\": \"60\"}",
        "{\"idleRuntimeSessionTimeout\": null}", "{\"idleRuntimeSessionTimeout\": 60, \"maxLifetime\": 60}", "{\"maxLifetime\": 60}",
        "{\"idleRuntimeSessionTimeout\": 1e999999999}", "{\"idleRuntimeSessionTimeout\": 60}x",
        "{\"idleRuntimeSessionTimeout\": 60}{\"idleRuntimeSessionTimeout\": 90}", "{\"idleRuntimeSessionTimeout\": 60},"})
    void whatIsNoTimeoutChangesNothing(String body) {
        assertThatThrownBy(() -> change(body)).isInstanceOfSatisfying(RequestException.class,
                refused -> assertThat(refused.kind()).isEqualTo(RequestException.Kind.VALIDATION)).hasMessageContaining("was not changed");
        assertThat(changed).isEmpty();
    }

    @Test
    void aBodyThatBreaksOffIsItsCallersFault() {
        HttpServletRequest broken = new HttpServletRequestWrapper(caller.request()) {
            @Override
            public ServletInputStream getInputStream() throws IOException {
                throw new IOException("the caller left");
            }
        };
        assertThatThrownBy(() -> new ChangeSession(new OneInvocation(new CompletableFuture<>()), new Costs(Optional::empty)).serve(new Operation.Call(broken, caller.response(),
                Map.of("runtime", "hello", "session", "s1"), ALICE, new WaitingReads()))).isInstanceOfSatisfying(BodyRefusedException.class,
                refused -> assertThat(refused.refusal().status()).isEqualTo(400));
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        assertThatThrownBy(() -> change("{\"idleRuntimeSessionTimeout\": 60}" + " ".repeat(4096))).hasMessageContaining("4096 bytes");
        assertThat(changed).isEmpty();
    }
}
