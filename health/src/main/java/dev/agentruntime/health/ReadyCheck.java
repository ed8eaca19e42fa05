package dev.agentruntime.health;

import dev.agentruntime.api.Platform;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** The server can take requests: {@link PlatformChecks#unready} has the rule. */
@Readiness
@Singleton
class ReadyCheck implements HealthCheck {

    static final String NAME = "agent-runtime-ready";

    @Inject
    private Platform platform;

    @Override
    public HealthCheckResponse call() {
        return PlatformChecks.answer(NAME, "Send no requests to agents here. Do not restart the server for it.", platform::status, PlatformChecks::unready);
    }
}
