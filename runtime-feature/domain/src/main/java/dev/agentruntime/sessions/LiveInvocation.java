package dev.agentruntime.sessions;

import dev.agentruntime.agents.AgentLease;
import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.Invocation;
import dev.agentruntime.api.PlainText;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.SessionOrigin;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Target;
import dev.agentruntime.api.Usage;
import dev.agentruntime.spi.AgentPaths;
import dev.agentruntime.spi.InvocationUse;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/** An invocation of a session whose VM serves. */
final class LiveInvocation implements Invocation {

    private final Times times;
    private final Listeners listeners;
    private final Rooms rooms;
    private final SessionActor session;
    private final Vm vm;
    private final String path;
    private final boolean passesToken;
    private final Set<String> headers;
    private final SessionOrigin origin;
    private final Instant began;
    private final String requestId = UUID.randomUUID().toString();
    private final Optional<Counted> counted;
    private final AtomicReference<Outcome> outcome = new AtomicReference<>();

    /**
     * @param lease on the agent's version
     * @param began when it was asked for, by the steady clock
     */
    LiveInvocation(Times times, Listeners listeners, Rooms rooms, SessionActor session, Vm vm, Optional<AgentLease> lease, SessionOrigin origin,
            Instant began) {
        this.times = times;
        this.listeners = listeners;
        this.rooms = rooms;
        this.session = session;
        this.vm = vm;
        this.path = lease.map(AgentLease::paths).orElse(AgentPaths.STANDARD).invocations();
        this.passesToken = lease.map(AgentLease::passesToken).orElse(false);
        this.headers = lease.map(held -> held.terms().headers()).orElse(Set.of());
        this.origin = origin;
        this.began = began;
        this.counted = rooms.countInvocations(session) ? Counted.from(times, Meters.now(session, vm, times.now())) : Optional.empty();
    }

    /**
     * Where counting began.
     *
     * @param at by the steady clock
     */
    private record Counted(Instant at, Metering meter) {

        static Optional<Counted> from(Times times, Optional<Metering> meter) {
            return meter.map(there -> new Counted(times.now(), there));
        }

        InvocationUse until(Times times, Metering after, String requestId, Outcome outcome) {
            Instant now = times.now();
            return new InvocationUse(requestId, times.onTheWall(at), Duration.between(at, now), outcome, Math.max(0, after.cpuNanos() - meter.cpuNanos()),
                    Math.max(0, after.vcpuNanos() - meter.vcpuNanos()), after.memoryByteSeconds().subtract(meter.memoryByteSeconds()).max(BigDecimal.ZERO));
        }
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
    public String path() {
        return path;
    }

    @Override
    public boolean passesToken() {
        return passesToken;
    }

    @Override
    public Set<String> headers() {
        return headers;
    }

    @Override
    public GuestStream connect(Target target) {
        checkLives();
        try {
            return vm.connect(target);
        } catch (VmException e) {
            checkLives(); // its end may have come in between, and says why
            throw new RequestException(RequestException.Kind.PLATFORM, PlainText.of(String.valueOf(e.getMessage())), e);
        }
    }

    private void checkLives() {
        SessionLife life = session.life();
        if (life instanceof Ending ending) {
            throw ended(ending.reason());
        }
        if (life instanceof Gone gone) {
            throw ended(gone.reason());
        }
    }

    private RequestException ended(EndReason reason) {
        return new RequestException(reason.kind(), "Session " + session.key() + " has ended: " + reason.sentence());
    }

    @Override
    public List<String> logTail(int lines) {
        return vm.logTail(lines);
    }

    @Override
    public SessionView session() {
        return session.view();
    }

    @Override
    public Usage usage() {
        return session.state().usage(Meters.now(session, vm, times.now()));
    }

    @Override
    public void close(Outcome how) {
        if (!outcome.compareAndSet(null, how)) {
            return;
        }
        counted.ifPresent(from -> Meters.now(session, vm, times.now()).ifPresent(meter -> rooms.invoked(session, from.until(times, meter, requestId, how))));
        Instant now = times.now();
        session.post(new LifeEvent.RequestEnded(now));
        listeners.tell(listener ->
                listener.invocationEnded(session.key().runtime(), how, Duration.between(began, now)));
    }
}
