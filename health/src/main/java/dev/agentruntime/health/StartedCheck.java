package dev.agentruntime.health;

import dev.agentruntime.api.Platform;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Every configured agent has become ready or failed once; probes may begin. */
@Startup
@Singleton
class StartedCheck implements HealthCheck {

    static final String NAME = "agent-runtime-started";

    @Inject
    private Platform platform;

    @Override
    public HealthCheckResponse call() {
        return PlatformChecks.answer(NAME, "Some agent has neither become ready nor failed once since the start: give it time.",
                platform::status, PlatformChecks::notStarted);
    }
}
