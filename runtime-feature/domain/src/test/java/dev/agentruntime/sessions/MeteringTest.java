package dev.agentruntime.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.MeterSource;
import dev.agentruntime.spi.MeterReading;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class MeteringTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private final Metering metering = Metering.from(reading(500, 100), START);

    @Test
    void beginsWithNothingUsed() {
        assertThat(metering.usage(0).cpuNanos()).isZero();
        assertThat(metering.usage(0).memoryByteSeconds()).isZero();
        assertThat(metering.usage(0).peakMemoryBytes()).isEqualTo(100);
    }

    @Test
    void whatAReadingShowsCountsAsHeldUntilTheNext() {
        Metering after = metering.next(reading(700, 50), START.plusSeconds(10)).next(reading(900, 70), START.plusSeconds(20));
        assertThat(after.usage(3).cpuNanos()).isEqualTo(400);
        assertThat(after.usage(3).memoryByteSeconds()).isEqualByComparingTo("1500");
        assertThat(after.usage(3).invocations()).isEqualTo(3);
    }

    @Test
    void unknownIsNotZero() {
        Metering after = metering.next(reading(700, 0), START.plusSeconds(10)).next(reading(700, 0), START.plusSeconds(20));
        assertThat(after.usage(0).memoryByteSeconds()).isEqualByComparingTo("2000");
    }

    @Test
    void nothingFalls() {
        Metering after = metering.next(reading(700, 50), START.plusSeconds(10)).next(reading(100, 10), START);
        assertThat(after.usage(0).cpuNanos()).isEqualTo(200);
        assertThat(after.usage(0).memoryByteSeconds()).isEqualByComparingTo("1000");
        assertThat(after.readAt()).isEqualTo(START.plusSeconds(10));
    }

    @Test
    void theSharesOfVirtualProcessorsEmulatorAndPlatformAreToldApart() {
        Metering began = Metering.from(new MeterReading(500, 300, 100, MeterSource.CGROUP), START);
        Metering after = began.next(new MeterReading(700, 450, 100, MeterSource.CGROUP), START.plusSeconds(1));
        assertThat(after.usage(0).cpuNanos()).isEqualTo(200);
        assertThat(after.usage(0).vcpuNanos()).isEqualTo(150);
        assertThat(after.usage(0).emulatorNanos()).isEqualTo(50);
        assertThat(after.usage(0).platformNanos()).isEqualTo(500);
    }

    @Test
    void theShareOfVirtualProcessorsIsNeverMoreThanTheWholeAndDoesNotFall() {
        Metering began = Metering.from(new MeterReading(500, 300, 100, MeterSource.CGROUP), START);
        Metering after = began.next(new MeterReading(510, 400, 100, MeterSource.CGROUP), START.plusSeconds(1));
        assertThat(after.usage(0).vcpuNanos()).isEqualTo(10);
        Metering dead = after.next(new MeterReading(600, 0, MeterSource.CGROUP), START.plusSeconds(2));
        assertThat(dead.usage(0).vcpuNanos()).isEqualTo(10);
        assertThat(dead.usage(0).emulatorNanos()).isEqualTo(90);
    }

    @Test
    void tellsWhatAReadingAdded() {
        Metering first = metering.next(reading(700, 50), START.plusSeconds(10));
        assertThat(first.next(reading(750, 50), START.plusSeconds(12)).since(first).cpuNanos()).isEqualTo(50);
        assertThat(first.next(reading(750, 50), START.plusSeconds(12)).since(first).memoryByteSeconds()).isEqualByComparingTo("100");
    }

    private static MeterReading reading(long cpuNanos, long memoryBytes) {
        return new MeterReading(cpuNanos, memoryBytes, MeterSource.CGROUP);
    }
}
