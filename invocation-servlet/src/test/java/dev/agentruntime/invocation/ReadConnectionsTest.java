package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.ConnectionsView;
import dev.agentruntime.api.InvocationRequest;
import dev.agentruntime.api.OutboundConnection;
import dev.agentruntime.api.OutboundConnection.Outcome;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.Subject;
import dev.agentruntime.invocation.fake.FakePlatform;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadConnectionsTest {

    private static final Caller ALICE = new Caller(new Subject("https://idp.test", "alice"), false);
    private static final Caller BOB = new Caller(new Subject("https://idp.test", "bob"), false);
    private static final String SESSION = "session-of-alice-0123456789-0123456789";
    private static final ConnectionsView CONNECTIONS = new ConnectionsView(Map.of(Outcome.DENIED, 1L, Outcome.OK, 2L), 40, 900, List.of(
            new OutboundConnection(Instant.parse("2031-01-01T00:00:00Z"), "outbound/openai", "api.openai.com", OptionalInt.of(443), 30, 900,
                    Outcome.OK, Duration.ofMillis(412), ""),
            new OutboundConnection(Instant.parse("2031-01-01T00:00:01Z"), "proxy", "", OptionalInt.empty(), 10, 0, Outcome.DENIED,
                    Duration.ZERO, "Write <allow host=\"a\"/>.")));

    private final FakePlatform platform = new FakePlatform(1, 1);
    private final ReadConnections handler = new ReadConnections(platform, () -> Optional.of(session -> Optional.of(CONNECTIONS)));
    private final FakeCaller request = new FakeCaller();

    @BeforeEach
    void begin() throws Exception {
        platform.invoke(new InvocationRequest("echo", Optional.of(SESSION), ALICE)).toCompletableFuture().get(10, TimeUnit.SECONDS).close();
    }

    private void ask(ReadConnections from, Caller caller) throws IOException {
        from.serve(new Operation.Call(request.request(), request.response(), Map.of("runtime", "echo", "session", SESSION), caller, new WaitingReads()));
    }

    @Test
    void whoeverMaySeeTheSessionSeesWhatWentOutOfIt() throws IOException {
        ask(handler, ALICE);
        assertThat(request.answer()).isEqualTo("{\"runtime\":\"echo\",\"sessionId\":\"" + SESSION + "\",\"ended\":{\"ok\":2,\"denied\":1},"
                + "\"bytesOut\":40,\"bytesIn\":900,\"connections\":["
                + "{\"at\":\"2031-01-01T00:00:00Z\",\"way\":\"outbound/openai\",\"host\":\"api.openai.com\",\"port\":443,\"outcome\":\"ok\","
                + "\"bytesOut\":30,\"bytesIn\":900,\"millis\":412},"
                + "{\"at\":\"2031-01-01T00:00:01Z\",\"way\":\"proxy\",\"outcome\":\"denied\",\"bytesOut\":10,\"bytesIn\":0,\"millis\":0,"
                + "\"reason\":\"Write <allow host=\\\"a\\\"/>.\"}]}");
    }

    @Test
    void nobodyElseSeesThemAndAnAdministratorDoes() throws IOException {
        assertThatThrownBy(() -> ask(handler, BOB)).isInstanceOfSatisfying(RequestException.class,
                refused -> assertThat(refused.kind()).isEqualTo(Kind.FORBIDDEN));
        assertThat(request.answer()).isEmpty();
        ask(handler, new Caller(BOB.subject(), true));
        assertThat(request.answer()).contains("api.openai.com");
    }

    @Test
    void whereNoneAreKeptThatIsSaid() {
        assertThatThrownBy(() -> ask(new ReadConnections(platform, Optional::empty), ALICE)).isInstanceOfSatisfying(RequestException.class,
                refused -> assertThat(refused.kind()).isEqualTo(Kind.NOT_FOUND)).hasMessageContaining("lets nothing out");
        assertThatThrownBy(() -> ask(new ReadConnections(platform, () -> Optional.of(session -> Optional.empty())), ALICE))
                .isInstanceOfSatisfying(RequestException.class, refused -> assertThat(refused.kind()).isEqualTo(Kind.NOT_FOUND))
                .hasMessageContaining("not kept any more");
    }
}
