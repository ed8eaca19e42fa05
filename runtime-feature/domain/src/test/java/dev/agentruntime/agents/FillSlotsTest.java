package dev.agentruntime.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

final class FillSlotsTest {

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
    void aStartKeepsFillsAwayWhileItLastsAndForAMomentAfterwards() {
        FillSlots slots = new FillSlots(2);
        AgentLease.Starting starting = slots.starting();
        assertThat(slots.take()).isFalse();
        starting.close();
        assertThat(slots.take()).isFalse();
        await().until(slots::take);
    }

    @Test
    void anEmptyPoolDoesNotWaitForThatMoment() {
        FillSlots slots = new FillSlots(2);
        AgentLease.Starting starting = slots.starting();
        assertThat(slots.takeAtOnce()).isFalse();
        starting.close();
        assertThat(slots.takeAtOnce()).isTrue();
    }
}
