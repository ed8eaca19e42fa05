package dev.agentruntime.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class GuestMemoryTest {

    @Test
    void theHeapIsWhatIsAvailableLessWhatLibertyNeedsBesideIt() {
        assertThat(GuestMemory.heapMebibytes(List.of("MemTotal:  1000000 kB", "MemAvailable:     716800 kB"))).isEqualTo(700 - 190);
    }

    @Test
    void aTinyGuestGetsASmallHeapAndNoNegativeOne() {
        assertThat(GuestMemory.heapMebibytes(List.of("MemAvailable:     100000 kB"))).isEqualTo(64);
    }

    @Test
    void aKernelThatDoesNotSayIsAnError() {
        assertThatThrownBy(() -> GuestMemory.heapMebibytes(List.of())).isInstanceOf(GuestException.class).hasMessageContaining("MemAvailable");
    }
}
