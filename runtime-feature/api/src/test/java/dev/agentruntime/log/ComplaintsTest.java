package dev.agentruntime.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComplaintsTest {

    private long now;
    private final Complaints complaints = new Complaints(() -> now);

    /** The seconds at which it is told of, where it fails four times each second. */
    private List<Long> toldWithin(Duration time) {
        List<Long> told = new ArrayList<>();
        long begun = now;
        for (; now - begun < time.toNanos(); now += Duration.ofMillis(250).toNanos()) {
            if (complaints.isDue()) {
                told.add(Duration.ofNanos(now - begun).toSeconds());
            }
        }
        return told;
    }

    @Test
    void whatFailsFourTimesASecondIsToldAtOnceAndThenLessAndLessOften() {
        assertThat(toldWithin(Duration.ofMinutes(11))).containsExactly(0L, 10L, 30L, 70L, 150L, 310L, 630L);
        assertThat(toldWithin(Duration.ofDays(1))).hasSizeLessThan(30);
    }

    @Test
    void whatFailsAgainAfterALongWhileIsToldAtOnce() {
        toldWithin(Duration.ofHours(5));
        now += Duration.ofHours(2).toNanos();
        assertThat(complaints.isDue()).isTrue();
    }
}
