package dev.agentruntime.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.spi.SessionFacts;
import dev.agentruntime.spi.SessionPart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class InvocationRoomTest {

    private final AtomicBoolean wanted = new AtomicBoolean();
    private final List<InvocationRow> rows = new ArrayList<>();
    private final SessionPart part = new InvocationRoom(wanted::get, rows::add).join(
            new SessionFacts("s-7", "hello", "v", TestRequest.ALICE, TestRequest.ALICE.alone(), Instant.EPOCH));

    @Test
    void invocationsAreCountedWhileThatIsWanted() {
        assertThat(part.countsInvocations()).isFalse();
        wanted.set(true);
        assertThat(part.countsInvocations()).isTrue();
    }

    @Test
    void whatOneUsedIsWrittenWithItsSessionAndItsOwner() {
        InvocationRow row = Invocations.of(3);
        part.invoked(row.use());
        part.close();
        assertThat(rows).containsExactly(new InvocationRow("hello", "s-7", TestRequest.ALICE, row.use()));
    }

    @Test
    void itTakesNoStreamsOfAGuest() {
        assertThat(part.takesStreams()).isFalse();
    }
}
