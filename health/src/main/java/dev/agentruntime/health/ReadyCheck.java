package dev.agentruntime.health;

import dev.agentruntime.api.Platform;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** The server can take requests: {@link PlatformChecks#ready} has the rule. */
@Readiness
@Singleton
class ReadyCheck implements HealthCheck {

    @Inject
    private Platform platform;

    @Override
    public HealthCheckResponse call() {
        return PlatformChecks.answer(platform::status, PlatformChecks::ready);
    }
}
