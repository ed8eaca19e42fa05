package dev.agentruntime.egress;

import dev.agentruntime.spi.GuestService;
import dev.agentruntime.spi.OutboundCredentials;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What other rooms do for guests by this way, as they are there now.
 *
 * @param services    what they serve under names of their own
 * @param credentials what they give for outbounds; empty while no room has any
 * @param work        runs what they do, which may take long
 */
record HostParts(Supplier<List<GuestService>> services, Supplier<Optional<OutboundCredentials>> credentials, Executor work) {

    Optional<GuestService> service(String name) {
        return services.get().stream().filter(service -> service.name().equals(name)).findFirst();
    }
}
