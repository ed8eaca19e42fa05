package dev.agentruntime.agents;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class FillSlotsTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);

    @Test
    void oneCoreStaysFree() {
        FillSlots slots = new FillSlots(4);
        assertThat(slots.take() && slots.take() && slots.take()).isTrue();
        assertThat(slots.take()).isFalse();
        slots.release();
        assertThat(slots.take()).isTrue();
    }

    @Test
    void thereIsAlwaysOneWhereNothingStarts() {
        assertThat(new FillSlots(1).take()).isTrue();
    }

    @Test
    void aStartKeepsFillsAwayWhileItLastsAndForASecondAfterwards() {
        FillSlots slots = new FillSlots(2, now::get);
        AgentLease.Starting starting = slots.starting();
        pass(Duration.ofMinutes(1));
        assertThat(slots.take()).isFalse();
        starting.close();
        pass(Duration.ofMillis(999));
        assertThat(slots.take()).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(slots.take()).isTrue();
    }

    @Test
    void anEmptyPoolWaitsOnlyUntilThoseWhoEmptiedItAreAnswered() {
        FillSlots slots = new FillSlots(2, now::get);
        AgentLease.Starting starting = slots.starting();
        pass(Duration.ofMinutes(1));
        assertThat(slots.takeForEmpty()).isFalse();
        starting.close();
        assertThat(slots.takeForEmpty()).as("its first request is under way").isFalse();
        pass(Duration.ofMillis(299));
        assertThat(slots.takeForEmpty()).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(slots.takeForEmpty()).isTrue();
    }

    @Test
    void theLastStartOfABurstCounts() {
        FillSlots slots = new FillSlots(4, now::get);
        AgentLease.Starting first = slots.starting();
        AgentLease.Starting second = slots.starting();
        first.close();
        pass(Duration.ofMillis(250));
        second.close();
        pass(Duration.ofMillis(250));
        assertThat(slots.takeForEmpty()).isFalse();
        pass(Duration.ofMillis(50));
        assertThat(slots.takeForEmpty()).isTrue();
    }

    @Test
    void aStartThatIsClosedTwiceCountsOnce() {
        FillSlots slots = new FillSlots(2, now::get);
        AgentLease.Starting one = slots.starting();
        AgentLease.Starting other = slots.starting();
        one.close();
        one.close();
        pass(Duration.ofMinutes(1));
        assertThat(slots.take()).as("the other has not ended").isFalse();
        other.close();
        pass(Duration.ofMinutes(1));
        assertThat(slots.take()).isTrue();
    }

    @Test
    void withoutAnyStartNobodyWaits() {
        assertThat(new FillSlots(2, now::get).take()).isTrue();
        assertThat(new FillSlots(2, now::get).takeForEmpty()).isTrue();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
