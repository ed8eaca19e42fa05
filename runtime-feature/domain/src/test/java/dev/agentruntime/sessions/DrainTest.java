package dev.agentruntime.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.SessionView.Status;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class DrainTest {

    private static final Instant NOW = Instant.parse("2026-11-27T08:00:00Z");
    private static final Queue SOMEBODY = Queue.empty(NOW).joined(NOW);

    @ParameterizedTest
    @EnumSource
    void whoeverHasARequestIsAtWork(OnStop onStop) {
        assertThat(Drain.isAtWork(new Active(NOW, NOW, 1, OwnWork.NONE, 0), onStop)).isTrue();
        assertThat(Drain.isAtWork(new Starting(NOW, 1, Optional.empty(), Optional.empty()), onStop)).isTrue();
        assertThat(Drain.isAtWork(new Pausing(NOW, NOW, SOMEBODY, Attempt.begun(NOW)), onStop)).isTrue();
        assertThat(Drain.isAtWork(new Waking(NOW, NOW, SOMEBODY, Attempt.begun(NOW)), onStop)).isTrue();
        assertThat(Drain.isAtWork(new Hibernating(NOW, NOW, SOMEBODY, Attempt.begun(NOW), 0), onStop)).isTrue();
        assertThat(Drain.isAtWork(new Forking(NOW, NOW, SOMEBODY), onStop)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void whoeverHasNoneIsNot(OnStop onStop) {
        assertThat(Drain.isAtWork(Starting.at(NOW), onStop)).isFalse();
        assertThat(Drain.isAtWork(new Active(NOW, NOW, 0, OwnWork.UNKNOWN, 0), onStop)).isFalse();
        assertThat(Drain.isAtWork(new Idle(NOW, NOW, 0, Rest.NOT_ASKED), onStop)).isFalse();
        assertThat(Drain.isAtWork(new Pausing(NOW, NOW, Queue.empty(NOW), Attempt.begun(NOW)), onStop)).isFalse();
        assertThat(Drain.isAtWork(new Paused(NOW, NOW, Retry.atOnce()), onStop)).isFalse();
        assertThat(Drain.isAtWork(new Waking(NOW, NOW, Queue.empty(NOW), Attempt.begun(NOW)), onStop)).isFalse();
        assertThat(Drain.isAtWork(new Hibernating(NOW, NOW, Queue.empty(NOW), Attempt.begun(NOW), 0), onStop)).isFalse();
        assertThat(Drain.isAtWork(new Hibernated(NOW, NOW), onStop)).isFalse();
        assertThat(Drain.isAtWork(new Forking(NOW, NOW, Queue.empty(NOW)), onStop)).isFalse();
        assertThat(Drain.isAtWork(new Left(NOW, NOW, Status.ACTIVE), onStop)).isFalse();
        assertThat(Drain.isAtWork(new Gone(NOW, NOW, EndReason.serverStopped()), onStop)).isFalse();
    }

    @Test
    void workOfItsOwnCountsWhereItsVmEnds() {
        Active busy = new Active(NOW, NOW, 0, OwnWork.BUSY, 0);
        assertThat(Drain.isAtWork(busy, OnStop.END)).isTrue();
        assertThat(Drain.isAtWork(busy, OnStop.KEEP)).isFalse();
    }
}
