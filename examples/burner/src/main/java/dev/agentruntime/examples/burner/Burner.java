package dev.agentruntime.examples.burner;

import dev.agentruntime.sdk.AgentEntrypoint;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Shows the meter: burning costs the CPU time asked for, sleeping next to nothing. */
public class Burner {

    private static final double LONGEST_SECONDS = 3600;

    @AgentEntrypoint(warmUp = "{\"seconds\": 0.01, \"mode\": \"sleep\"}")
    public CompletionStage<Report> invoke(Order order) {
        double seconds = order.seconds() == null ? 2 : order.seconds();
        if (!(seconds >= 0 && seconds <= LONGEST_SECONDS)) {
            throw new IllegalArgumentException("seconds must be 0 to " + LONGEST_SECONDS + ", not " + seconds);
        }
        Duration time = Duration.ofNanos((long) (seconds * 1e9));
        String mode = order.mode() == null ? "burn" : order.mode();
        return switch (mode) {
            case "burn" -> CompletableFuture.completedFuture(burn(time));
            case "sleep" -> sleep(time);
            default -> throw new IllegalArgumentException("mode must be burn or sleep, not " + mode);
        };
    }

    private static Report burn(Duration time) {
        long startedNanos = System.nanoTime();
        Duration used = CpuFire.burn(time);
        return Report.of("burn", used, startedNanos);
    }

    private static CompletionStage<Report> sleep(Duration time) {
        long startedNanos = System.nanoTime();
        return CompletableFuture.supplyAsync(() -> Report.of("sleep", Duration.ZERO, startedNanos),
                CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS));
    }
}
