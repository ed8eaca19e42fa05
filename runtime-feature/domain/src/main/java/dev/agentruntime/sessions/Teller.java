package dev.agentruntime.sessions;

import dev.agentruntime.api.Durations;
import dev.agentruntime.api.EndCode;
import dev.agentruntime.api.PlatformFailure;
import dev.agentruntime.api.PlatformWork;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Usage;
import dev.agentruntime.sessions.SessionState.Held;
import dev.agentruntime.spi.MeterReading;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.logging.Logger;

/** Tells listeners and the log what becomes of sessions. Does not block. */
final class Teller {

    private static final Logger LOG = Logger.getLogger(Teller.class.getName());

    private final Times times;
    private final Listeners listeners;
    private final Rooms rooms;
    private final Executor vms;
    private final Consumer<SessionActor> whenClosed;

    /**
     * @param vms        where a VM's death is taken: the thread that brings the news has other VMs to look after
     * @param whenClosed told of each session whose VM is proven gone, before those are who wait for that
     */
    Teller(Times times, Listeners listeners, Rooms rooms, Executor vms, Consumer<SessionActor> whenClosed) {
        this.times = times;
        this.listeners = listeners;
        this.rooms = rooms;
        this.vms = vms;
        this.whenClosed = whenClosed;
    }

    void tell(SessionActor session, News news) {
        String runtime = session.key().runtime();
        if (news instanceof News.Began) {
            listeners.tell(listener -> listener.sessionBegan(runtime));
        } else if (news instanceof News.GoesOn) {
            session.state().held().ifPresent(held -> goesOn(session, held));
        } else if (news instanceof News.Moved moved) {
            listeners.tell(listener -> listener.sessionMoved(runtime, moved.from(), moved.to()));
        } else if (news instanceof News.Serves) {
            session.state().held().ifPresent(held -> serves(session, held));
        } else if (news instanceof News.AtRest) {
            session.state().held().ifPresent(held -> listeners.workEnded(new LiveProbe(times, session, held.vm(), rooms)));
        } else if (news instanceof News.Pinged pinged) {
            listeners.tell(listener -> listener.pinged(runtime, pinged.status()));
        } else if (news instanceof News.Ended ended) {
            ended(runtime, ended.reason());
        } else if (news instanceof News.Closed) {
            whenClosed.accept(session);
            report(session.view());
        }
    }

    private void serves(SessionActor session, Held held) {
        String runtime = session.key().runtime();
        long cpuNanos = held.baseline().map(MeterReading::cpuNanos).orElse(0L) - held.chargedCpuNanos();
        Duration took = session.state().startTime().orElse(Duration.ZERO);
        SessionMessage.SESSION_STARTED.log(LOG, session.key(), Durations.text(took), held.vm().startMode(), held.vm().name());
        listeners.tell(listener -> listener.platformUsed(PlatformWork.START, Math.max(0, cpuNanos)));
        listeners.tell(listener -> listener.sessionStarted(runtime, held.vm().startMode(), took));
        hearOfDeath(session, held);
    }

    /** Meters of this run of the server know nothing of it yet. */
    private void goesOn(SessionActor session, Held held) {
        String runtime = session.key().runtime();
        SessionMessage.SESSION_GOES_ON.log(LOG, session.key(), held.vm().name());
        listeners.tell(listener -> listener.sessionBegan(runtime));
        listeners.tell(listener -> listener.sessionMoved(runtime, SessionView.Status.PROVISIONING, session.life().status()));
        hearOfDeath(session, held);
    }

    private void hearOfDeath(SessionActor session, Held held) {
        held.vm().death().thenAccept(how -> Handover.to(vms, () -> session.post(new LifeEvent.Died(times.now(), how))));
    }

    private void ended(String runtime, EndReason reason) {
        listeners.tell(listener -> listener.sessionEnded(runtime, reason.code()));
        if (reason.code() == EndCode.VM_DIED) {
            listeners.tell(listener -> listener.failed(runtime, PlatformFailure.VM_DEATH));
        }
    }

    private static void report(SessionView view) {
        Usage usage = view.usage();
        SessionMessage.SESSION_ENDED.log(LOG, new SessionKey(view.runtime(), view.sessionId()),
                view.terminationReason().orElse(""),
                BigDecimal.valueOf(usage.cpuNanos(), 9).setScale(3, RoundingMode.HALF_UP),
                usage.memoryGigabyteSeconds(3), usage.invocations());
    }
}
