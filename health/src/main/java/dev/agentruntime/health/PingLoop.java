package dev.agentruntime.health;

import dev.agentruntime.api.Platform;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Pings from the start of the application to its end, on the container's threads. */
@Singleton
class PingLoop {

    @Resource
    private ManagedScheduledExecutorService scheduler;
    @Resource
    private ManagedThreadFactory threads;
    @Inject
    private Platform platform;
    @Inject
    private PlatformMetrics metrics;

    private Optional<Pinger> pinger = Optional.empty();

    synchronized void start(@Observes @Initialized(ApplicationScoped.class) Object started) {
        Pinger pings = new Pinger(platform, metrics,
                (task, delay) -> scheduler.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS), PingWorkers.elastic(threads));
        pinger = Optional.of(pings);
        pings.start();
    }

    @PreDestroy
    synchronized void stop() {
        pinger.ifPresent(Pinger::stop);
    }
}
