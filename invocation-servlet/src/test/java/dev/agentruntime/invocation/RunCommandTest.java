package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Target;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunCommandTest {

    private static final Caller ALICE = new Caller(new Subject("urn:test", "alice"), false);
    private static final Caller ROOT = new Caller(new Subject("urn:test", "root"), true);
    private static final RequestException FAILURE =
            new RequestException(Kind.PLATFORM, "The socket /var/lib/agent-runtime/vm/s01.sock is gone.", List.of("a line of the guest's making"));

    private final FrontDoor door = FrontDoor.open(new FrontDoorLimits(Duration.ofSeconds(30)), new Costs(Optional::empty));
    private final FakeCaller asking = new FakeCaller().body("{\"command\":\"ls\"}".getBytes(StandardCharsets.UTF_8));

    @AfterEach
    void close() {
        door.close();
    }

    /** The answer to {@code who}. */
    private String answer(Caller who, CompletableFuture<Invocation> found) throws Exception {
        new RunCommand(new OneInvocation(found), door).serve(new Operation.Call(asking.request(), asking.response(), Map.of("runtime", "hello"), who, new WaitingReads()));
        await().until(() -> asking.status() == 500 && asking.answer().endsWith("}"));
        return asking.answer();
    }

    private static CompletableFuture<Invocation> thatCannotBeConnected() {
        return CompletableFuture.completedFuture(new FakeInvocation(1) {
            @Override
            public GuestStream connect(Target target) {
                throw FAILURE;
            }
        });
    }

    @Test
    void aCallerIsToldWhyACommandCannotRunAndNotWhereThingsAreOnTheHost() throws Exception {
        assertThat(answer(ALICE, thatCannotBeConnected())).contains("s01.sock is gone").doesNotContain("/var/lib", "guest's making");
    }

    @Test
    void anAdministratorIsToldWhereThingsAre() throws Exception {
        assertThat(answer(ROOT, thatCannotBeConnected())).contains("/var/lib/agent-runtime/vm/s01.sock", "guest's making");
    }

    @Test
    void aSessionThatCannotBeginIsRefusedInTheSameWay() throws Exception {
        assertThat(answer(ALICE, CompletableFuture.failedFuture(FAILURE))).contains("s01.sock is gone").doesNotContain("/var/lib", "guest's making");
    }
}
