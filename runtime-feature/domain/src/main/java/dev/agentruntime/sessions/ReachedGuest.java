package dev.agentruntime.sessions;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.Target;
import dev.agentruntime.spi.SessionGuest;
import dev.agentruntime.spi.SessionUse;
import dev.agentruntime.spi.Vm;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The guest of a session as rooms see it. */
record ReachedGuest(SessionActor session, Vm vm, Times times) implements SessionGuest {

    @Override
    public GuestStream connect(Target target) {
        return vm.connect(target);
    }

    @Override
    public boolean isPaused() {
        return vm.isPaused();
    }

    @Override
    public List<String> logTail(int lines) {
        return vm.logTail(lines);
    }

    @Override
    public SessionUse use() {
        Instant now = times.now();
        Optional<Metering> meter = Meters.now(session, vm, now);
        return new SessionUse(session.state().usage(meter), meter.map(Metering::memoryBytes).orElse(0L),
                Duration.between(session.life().createdAt(), now));
    }

    @Override
    public void endForBudget(String why) {
        session.end(EndReason.budget(why));
    }
}
