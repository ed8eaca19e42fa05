package dev.agentruntime.health;

import dev.agentruntime.api.Durations;
import dev.agentruntime.api.PingPolicy;
import dev.agentruntime.api.Platform;
import dev.agentruntime.api.PlatformListener;
import dev.agentruntime.api.SessionProbe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Waits for the platform, then begins a round of pings at every interval of the configured policy. The interval is read anew each
 * time, so a change of the configuration takes effect with the next round. Whatever fails, the next turn comes.
 */
final class Pinger {

    static final Duration RETRY = Duration.ofSeconds(1);
    /** How long the platform may be missing before that is told: the web application often starts first. */
    static final int QUIET_TRIES = 10;

    private static final Logger LOG = Logger.getLogger(Pinger.class.getName());

    private enum Stage { RUNNING, STOPPED }

    private final Platform platform;
    private final PlatformListener metrics;
    private final BiFunction<Runnable, Duration, Future<?>> scheduler;
    private final ExecutorService workers;
    private final PingRound round;
    private final AfterWork afterWork;
    private final List<Platform.Registration> listening = new ArrayList<>();
    private volatile Stage stage = Stage.RUNNING;
    private Future<?> next = CompletableFuture.completedFuture(null);
    private int tries;

    /**
     * @param scheduler runs something once, after a while
     * @param workers   for one ping each; shut down at the end
     */
    Pinger(Platform platform, PlatformListener metrics, BiFunction<Runnable, Duration, Future<?>> scheduler, ExecutorService workers) {
        this.platform = platform;
        this.metrics = metrics;
        this.scheduler = scheduler;
        this.workers = workers;
        this.round = new PingRound(platform, workers, System::nanoTime);
        this.afterWork = new AfterWork(this::later, this::askNow, System::nanoTime);
    }

    synchronized void start() {
        schedule(this::connect, Duration.ZERO);
    }

    synchronized void stop() {
        stage = Stage.STOPPED;
        next.cancel(false);
        workers.shutdownNow();
        leave();
    }

    private synchronized void leave() {
        listening.forEach(Platform.Registration::close);
        listening.clear();
    }

    private synchronized void connect() {
        if (stage == Stage.STOPPED) {
            return;
        }
        boolean connected = false;
        try {
            PingPolicy policy = platform.pingPolicy();
            listening.add(platform.listen(metrics));
            listening.add(platform.watchRest(afterWork::ended));
            HealthMessage.LOOP_STARTED.log(Durations.text(policy.interval()), Durations.text(policy.timeout()));
            connected = true;
        } catch (RuntimeException notYet) {
            if (++tries == QUIET_TRIES) {
                HealthMessage.PLATFORM_MISSING.log(notYet.getMessage());
            }
        } finally {
            if (!connected) {
                leave();
            }
            schedule(connected ? this::turn : this::connect, RETRY);
        }
    }

    /** An error, such as of a process that may have no more threads for a moment, is as little the end as any other failure. */
    private void turn() {
        if (stage == Stage.STOPPED) {
            return;
        }
        Duration pause = RETRY;
        try {
            round.begin();
            pause = platform.pingPolicy().interval();
        } catch (RejectedExecutionException stopping) {
            LOG.log(Level.FINE, stopping, () -> "No more rounds.");
        } catch (RuntimeException | Error e) {
            HealthMessage.ROUND_FAILED.log(e, Durations.text(pause), e.toString());
        } finally {
            schedule(this::turn, pause);
        }
    }

    private void askNow(SessionProbe session) {
        try {
            round.askNow(session);
        } catch (RejectedExecutionException stopping) {
            LOG.log(Level.FINE, stopping, () -> "Session " + session.sessionId() + " is not asked any more.");
        }
    }

    private synchronized void schedule(Runnable task, Duration delay) {
        if (stage == Stage.RUNNING) {
            next = scheduler.apply(task, delay);
        }
    }

    private synchronized void later(Runnable task, Duration delay) {
        if (stage == Stage.RUNNING) {
            scheduler.apply(task, delay);
        }
    }
}
