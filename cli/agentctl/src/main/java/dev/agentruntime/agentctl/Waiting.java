package dev.agentruntime.agentctl;

import dev.agentruntime.client.AgentRuntimeClient;
import dev.agentruntime.client.EndpointInfo;
import dev.agentruntime.client.Progress;
import dev.agentruntime.client.RefusedException;
import dev.agentruntime.client.VersionInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Waits until a version or an endpoint is ready, and tells meanwhile what is being done. */
record Waiting(AgentRuntimeClient client, Surroundings surroundings, Meter meter, Duration longest) {

    private static final Duration AGAIN = Duration.ofMillis(500);

    VersionInfo version(String id, String name, String number) {
        VersionInfo done = until(() -> client.control().version(id, Optional.of(number)), VersionInfo::progress,
                "Version " + number + " of " + name, name);
        if (done.progress() == Progress.FAILED) {
            throw new Problem(ExitCode.AGENT, "Version " + number + " of " + name + " could not be prepared: " + done.failure());
        }
        return done;
    }

    EndpointInfo endpoint(String id, String name, String endpoint) {
        EndpointInfo done = until(() -> client.control().endpoint(id, endpoint), EndpointInfo::progress, "Endpoint " + endpoint + " of " + name, name);
        if (done.progress() == Progress.FAILED) {
            throw new Problem(ExitCode.AGENT, "Endpoint " + endpoint + " of " + name + " could not be led there: " + done.failure());
        }
        return done;
    }

    private <T> T until(Supplier<T> look, Function<T, Progress> progress, String what, String name) {
        Instant end = surroundings.clock().instant().plus(longest);
        while (true) {
            T found = look.get();
            if (progress.apply(found) != Progress.WORKING) {
                meter.end();
                return found;
            }
            if (!surroundings.clock().instant().isBefore(end)) {
                meter.end();
                throw new Problem(ExitCode.LATE, what + " is not ready after " + Text.time(longest) + ". The server goes on with it: 'agentctl status "
                        + name + "' shows how far it is.");
            }
            meter.say(reason(name).orElse(what + " is being prepared"));
            pause();
        }
    }

    /** As those see it who invoke. */
    private Optional<String> reason(String name) {
        try {
            return Optional.of(client.runtime(name).statusReason()).filter(reason -> !reason.isEmpty());
        } catch (RefusedException notYet) {
            return Optional.empty();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(AGAIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(ExitCode.INTERRUPTED, "Interrupted. The server goes on with it.", e);
        }
    }
}
