package dev.agentruntime.invocation;

import jakarta.servlet.ServletContext;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What the front door allows.
 *
 * @param firstByte how long an agent may take to the first byte of its answer
 */
record FrontDoorLimits(Duration firstByte) {

    private static final Duration DEFAULT_FIRST_BYTE = Duration.ofMinutes(15);

    static FrontDoorLimits of(ServletContext context) {
        return of(Optional.ofNullable(System.getenv("AGENT_RUNTIME_FIRST_BYTE_TIMEOUT"))
                .orElseGet(() -> Objects.toString(context.getInitParameter("firstByteTimeout"), DEFAULT_FIRST_BYTE.toString())));
    }

    static FrontDoorLimits of(String firstByte) {
        try {
            Duration limit = Duration.parse(firstByte);
            if (limit.compareTo(Duration.ZERO) > 0) {
                return new FrontDoorLimits(limit);
            }
        } catch (DateTimeException unreadable) {
            // Said below, together with a duration that is not positive.
        }
        InvocationMessage.BAD_TIMEOUT.log(firstByte, DEFAULT_FIRST_BYTE);
        return new FrontDoorLimits(DEFAULT_FIRST_BYTE);
    }
}
