package dev.agentruntime.health;

import dev.agentruntime.api.Durations;
import dev.agentruntime.api.PingPolicy;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.SessionProbe;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Begins a round of pings at every interval of the configured policy, from the start of the application to its end. The
 * interval is read anew each time, so a change of the configuration takes effect with the next round.
 */
@Singleton
class PingLoop {

    /** Pings that may be out at once; more than that wait for a worker, so slow agents cannot take all threads. */
    private static final int WORKERS = 64;
    private static final Duration RETRY = Duration.ofSeconds(1);

    private static final Logger LOG = Logger.getLogger(PingLoop.class.getName());

    @Resource
    private ManagedScheduledExecutorService scheduler;
    @Resource
    private ManagedThreadFactory threads;
    @Inject
    private Platform runtimes;
    @Inject
    private Meters meters;

    private ThreadPoolExecutor workers;
    private PingRound round;
    private AfterWork afterWork;
    private Platform.Registration listening = () -> {};
    private Future<?> next;
    private boolean waiting;

    synchronized void start(@Observes @Initialized(ApplicationScoped.class) Object started) {
        workers = new ThreadPoolExecutor(WORKERS, WORKERS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        workers.allowCoreThreadTimeOut(true);
        round = new PingRound(runtimes, workers);
        afterWork = new AfterWork(this::later, this::askNow, System::nanoTime);
        schedule(this::connect, Duration.ZERO);
    }

    @PreDestroy
    synchronized void stop() {
        if (workers == null) {
            return;
        }
        workers.shutdownNow();
        next.cancel(false);
        listening.close();
    }

    private synchronized void connect() {
        try {
            PingPolicy policy = runtimes.pingPolicy();
            Platform.Registration metering = runtimes.listen(meters);
            Platform.Registration asking = runtimes.watchRest(afterWork::ended);
            listening = () -> {
                metering.close();
                asking.close();
            };
            HealthMessage.LOOP_STARTED.log(Durations.text(policy.interval()), Durations.text(policy.timeout()));
            schedule(this::turn, policy.interval());
        } catch (RuntimeException notYet) {
            if (!waiting) {
                waiting = true;
                HealthMessage.PLATFORM_MISSING.log(notYet.getMessage());
            }
            schedule(this::connect, RETRY);
        }
    }

    private void askNow(SessionProbe session) {
        try {
            round.askNow(session);
        } catch (RejectedExecutionException stopping) {
            LOG.log(Level.FINE, stopping, () -> "Session " + session.sessionId() + " is not asked any more.");
        }
    }

    private void turn() {
        Duration pause = RETRY;
        try {
            round.begin();
            pause = runtimes.pingPolicy().interval();
        } catch (RejectedExecutionException stopping) {
            return;
        } catch (RuntimeException e) {
            HealthMessage.ROUND_FAILED.log(e, Durations.text(pause), e.getMessage());
        }
        schedule(this::turn, pause);
    }

    private synchronized void schedule(Runnable task, Duration delay) {
        if (!workers.isShutdown()) {
            next = scheduler.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void later(Runnable task, Duration delay) {
        if (!workers.isShutdown()) {
            scheduler.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
