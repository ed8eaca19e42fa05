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

    static final String NAME = "agent-runtime-live";

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named(NAME).up()
                .withData("downMeans", "It is never DOWN by itself. No answer at all means that the server hangs or is gone: restart it.").build();
    }
}
