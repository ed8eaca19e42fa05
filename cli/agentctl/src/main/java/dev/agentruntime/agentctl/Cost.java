package dev.agentruntime.agentctl;

import dev.agentruntime.client.SessionInfo;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/** What usage costs, where the settings say what a processor and a gigabyte cost for an hour. */
record Cost(BigDecimal cpuHour, BigDecimal gbHour) {

    private static final BigDecimal HOUR = BigDecimal.valueOf(3600);

    static Optional<Cost> of(Settings settings) {
        return settings.pricePerCpuHour().isEmpty() && settings.pricePerGbHour().isEmpty() ? Optional.empty()
                : Optional.of(new Cost(settings.pricePerCpuHour().orElse(BigDecimal.ZERO), settings.pricePerGbHour().orElse(BigDecimal.ZERO)));
    }

    BigDecimal of(BigDecimal cpuSeconds, BigDecimal memoryGbSeconds) {
        return cpuSeconds.multiply(cpuHour).add(memoryGbSeconds.multiply(gbHour)).divide(HOUR, 6, RoundingMode.HALF_UP);
    }

    BigDecimal of(SessionInfo session) {
        return of(session.cpuSeconds(), session.memoryGbSeconds());
    }
}
