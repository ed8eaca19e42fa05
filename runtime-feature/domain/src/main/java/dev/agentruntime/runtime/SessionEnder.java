package dev.agentruntime.runtime;

import dev.agentruntime.agents.Backoff;
import dev.agentruntime.api.PlatformFailure;
import dev.agentruntime.api.PlatformWork;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Usage;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.store.LedgerKeeper;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.logging.Logger;

/** Destroys the VMs of ended sessions until each is proven gone, and takes their last readings. Thread-safe. */
final class SessionEnder {

    private static final Logger LOG = Logger.getLogger(SessionEnder.class.getName());
    private static final Backoff FIRST = new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(1));

    private record Retry(Instant at, Backoff backoff) {}

    private final Environment environment;
    private final LedgerKeeper ledger;
    private final Meters meters;
    private final Consumer<Session> whenGone;
    private final Map<Session, Retry> retries = new ConcurrentHashMap<>();

    /** @param whenGone told of each session whose VM is gone, before those are who wait for it */
    SessionEnder(Environment environment, LedgerKeeper ledger, Meters meters, Consumer<Session> whenGone) {
        this.environment = environment;
        this.ledger = ledger;
        this.meters = meters;
        this.whenGone = whenGone;
    }

    /** Does not block; {@link Session#gone()} tells. */
    void end(Session session) {
        end(session, FIRST);
    }

    void tick(Instant now) {
        retries.forEach((session, retry) -> {
            if (!now.isBefore(retry.at()) && retries.remove(session, retry)) {
                end(session, retry.backoff());
            }
        });
    }

    private void end(Session session, Backoff backoff) {
        session.settled().thenRunAsync(() -> attempt(session, backoff), environment.workers().work());
    }

    private void attempt(Session session, Backoff backoff) {
        try {
            session.vm().ifPresent(vm -> destroy(session, vm));
        } catch (RuntimeException e) {
            retries.put(session, new Retry(environment.now().plus(backoff.pause()), backoff.next()));
            Message.DESTROY_FAILED.log(LOG, e, session.key(), e.getMessage());
            environment.listeners().tell(listener -> listener.failed(session.key().runtime(), PlatformFailure.DESTROY));
            session.notGone(e);
            return;
        }
        session.close(environment.now());
        ledger.markNow(session.account(environment));
        whenGone.accept(session);
        session.tellGone();
        report(session.view(environment.now()));
    }

    private void destroy(Session session, Vm vm) {
        MeterReading last = vm.destroy();
        if (session.hasServed()) {
            meters.take(session, last);
        } else {
            environment.listeners().tell(listener -> listener.platformUsed(PlatformWork.START, Math.max(0, last.cpuNanos() - session.chargedCpuNanos())));
        }
    }

    private static void report(SessionView view) {
        Usage usage = view.usage();
        Message.SESSION_ENDED.log(LOG, new SessionKey(view.runtime(), view.sessionId()),
                view.terminationReason().orElse(""),
                BigDecimal.valueOf(usage.cpuNanos(), 9).setScale(3, RoundingMode.HALF_UP),
                usage.memoryGigabyteSeconds(3), usage.invocations());
    }
}
