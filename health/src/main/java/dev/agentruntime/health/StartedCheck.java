package dev.agentruntime.health;

import dev.agentruntime.runtime.AgentRuntimes;
import dev.agentruntime.runtime.PlatformStatus;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Every configured agent has become ready or failed once; probes may begin. */
@Startup
@Singleton
class StartedCheck implements HealthCheck {

    @Inject
    private AgentRuntimes runtimes;

    @Override
    public HealthCheckResponse call() {
        return PlatformChecks.answer(runtimes::status, PlatformStatus::started);
    }
}
