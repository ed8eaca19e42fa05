package dev.agentruntime.sessions;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How things come to their end: sessions with the server, and agents with their sessions.
 *
 * @param onStop   what becomes of sessions when the server stops
 * @param grace    how long requests that are under way may go on before that
 * @param endGrace how long an agent may take at the end of its session; zero where it is not told
 */
public record Stopping(OnStop onStop, Duration grace, Duration endGrace) {

    /** Reads the attributes of {@code <agentRuntime>}. */
    static Stopping read(Attributes own) {
        return new Stopping(OnStop.valueOf(own.oneOf("onStop", "keep", List.of("keep", "end")).toUpperCase(Locale.ROOT)),
                own.duration("stopGrace", Duration.ofSeconds(10), Duration.ZERO), own.duration("endGrace", Duration.ofSeconds(15), Duration.ZERO));
    }

    void describe(Effective effective) {
        effective.add("onStop", onStop.name().toLowerCase(Locale.ROOT)).add("stopGrace", grace).add("endGrace", endGrace);
    }

    /** The same without grace for anybody. */
    static Stopping atOnce(OnStop onStop) {
        return new Stopping(onStop, Duration.ZERO, Duration.ZERO);
    }
}
