package dev.agentruntime.libvirt;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether the agent of {@link PlatformIT} is ready. */
@Readiness
@ApplicationScoped
public class Opening implements HealthCheck {

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("opening").up().build();
    }
}
