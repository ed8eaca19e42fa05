package dev.agentruntime.runtime;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.SessionOrigin;
import dev.agentruntime.api.SessionProbe;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Target;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/** An invocation of a session whose VM serves. */
final class LiveInvocation implements Invocation {

    private final Environment environment;
    private final SessionMoves moves;
    private final Meters meters;
    private final Session session;
    private final Vm vm;
    private final SessionOrigin origin;
    private final Instant began;
    private final String requestId = UUID.randomUUID().toString();
    private final AtomicReference<Outcome> outcome = new AtomicReference<>();

    LiveInvocation(Environment environment, SessionMoves moves, Meters meters, Session session, Vm vm, SessionOrigin origin,
            Instant began) {
        this.environment = environment;
        this.moves = moves;
        this.meters = meters;
        this.session = session;
        this.vm = vm;
        this.origin = origin;
        this.began = began;
    }

    @Override
    public String sessionId() {
        return session.key().sessionId();
    }

    @Override
    public SessionOrigin origin() {
        return origin;
    }

    @Override
    public String requestId() {
        return requestId;
    }

    @Override
    public String vm() {
        return vm.name();
    }

    @Override
    public GuestStream connect(Target target) {
        if (session.life() instanceof SessionLife.Terminated over) {
            throw new RequestException(RequestException.Kind.PLATFORM,
                    "Session " + session.key() + " has ended: " + over.ending().sentence());
        }
        try {
            return vm.connect(target);
        } catch (VmException e) {
            throw new RequestException(RequestException.Kind.PLATFORM, e.getMessage(), e);
        }
    }

    @Override
    public List<String> logTail(int lines) {
        return vm.logTail(lines);
    }

    @Override
    public SessionView session() {
        return session.view(environment.now());
    }

    @Override
    public void close(Outcome how) {
        if (!outcome.compareAndSet(null, how)) {
            return;
        }
        Instant now = environment.now();
        Session.Transition transition = moves.apply(session, new LifeEvent.RequestEnded(now));
        environment.listeners().tell(listener ->
                listener.invocationEnded(session.key().runtime(), how, Duration.between(began, now)));
        if (transition.entered(SessionView.Status.IDLE)) {
            SessionProbe target = new LiveProbe(environment, moves, meters, session, vm);
            environment.listeners().workEnded(target);
        }
        meters.readSoon(session);
    }
}
