package dev.agentruntime.sessions;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.Target;
import dev.agentruntime.sessions.SessionState.Held;
import dev.agentruntime.spi.SessionGuest;
import dev.agentruntime.spi.SessionUse;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The guest of a session as rooms see it, in whatever VM it is now.
 *
 * @param first the VM in which it began
 */
record ReachedGuest(SessionActor session, Vm first, Times times) implements SessionGuest {

    private Vm vm() {
        return session.state().held().map(Held::vm).orElse(first);
    }

    @Override
    public GuestStream connect(Target target) {
        if (session.state().saved().isPresent()) {
            throw new VmException("The session " + session.key() + " is on the disk");
        }
        return vm().connect(target);
    }

    @Override
    public boolean isPaused() {
        return session.state().saved().isPresent() || vm().isPaused();
    }

    @Override
    public List<String> logTail(int lines) {
        return vm().logTail(lines);
    }

    @Override
    public SessionUse use() {
        Instant now = times.now();
        Optional<Metering> meter = session.state().saved().isPresent() ? session.state().metering() : Meters.now(session, vm(), now);
        return new SessionUse(session.state().usage(meter), meter.map(Metering::memoryBytes).orElse(0L),
                Duration.between(session.life().createdAt(), now));
    }

    @Override
    public SessionUse lastUse() {
        SessionState state = session.state();
        return new SessionUse(state.usage(state.metering()), state.metering().map(Metering::memoryBytes).orElse(0L),
                state.metering().map(meter -> Duration.between(state.life().createdAt(), meter.readAt())).orElse(Duration.ZERO));
    }

    @Override
    public void endForBudget(String why) {
        session.end(EndReason.budget(why));
    }
}
