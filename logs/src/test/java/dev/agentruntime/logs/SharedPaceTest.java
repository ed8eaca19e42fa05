package dev.agentruntime.logs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SharedPaceTest {

    private final SharedPace pace = new SharedPace();

    @Test
    void oneThatLogsWithoutEndHasItsOwnPace() {
        assertThat(pace.bytesASecond()).isEqualTo(SharedPace.BYTES_A_SECOND);
        pace.hold();
        assertThat(pace.bytesASecond()).isEqualTo(SharedPace.BYTES_A_SECOND);
    }

    @Test
    void manyShareWhatTheHostBears() {
        for (int n = 0; n < 64; n++) {
            pace.hold();
        }
        assertThat(64 * pace.bytesASecond()).isEqualTo(SharedPace.BYTES_A_SECOND_OF_ALL);
        for (int n = 0; n < 60; n++) {
            pace.release();
        }
        assertThat(pace.bytesASecond()).isEqualTo(SharedPace.BYTES_A_SECOND);
    }
}
