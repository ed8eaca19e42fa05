package dev.agentruntime.sessions;

import dev.agentruntime.config.Attributes;
import dev.agentruntime.config.Effective;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How the server's stop goes for sessions.
 *
 * @param onStop what becomes of them
 * @param grace  how long requests that are under way may go on before that
 */
public record Stopping(OnStop onStop, Duration grace) {

    /** Reads the attributes of {@code <agentRuntime>}. */
    static Stopping read(Attributes own) {
        return new Stopping(OnStop.valueOf(own.oneOf("onStop", "keep", List.of("keep", "end")).toUpperCase(Locale.ROOT)),
                own.duration("stopGrace", Duration.ofSeconds(10), Duration.ZERO));
    }

    void describe(Effective effective) {
        effective.add("onStop", onStop.name().toLowerCase(Locale.ROOT)).add("stopGrace", grace);
    }

    /** The same without grace. */
    static Stopping atOnce(OnStop onStop) {
        return new Stopping(onStop, Duration.ZERO);
    }
}
