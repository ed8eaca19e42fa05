package dev.agentruntime.health;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * The server can answer. It asks neither hypervisor nor agents: a restart would mend neither of them and end every
 * session.
 */
@Liveness
@Singleton
class LiveCheck implements HealthCheck {

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.up(PlatformChecks.NAME);
    }
}
