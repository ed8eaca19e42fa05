package dev.agentruntime.runtime;

import dev.agentruntime.api.PingAnswer;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.SessionProbe;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import java.time.Duration;

/** A session whose VM serves, as the ping loop sees it. */
record LiveProbe(Environment environment, SessionMoves moves, Meters meters, Session session, Vm vm)
        implements SessionProbe {

    private static final PingAnswer HEALTHY = new PingAnswer.Replied(200, "{\"status\":\"Healthy\"}");

    @Override
    public String runtime() {
        return session.key().runtime();
    }

    @Override
    public String sessionId() {
        return session.key().sessionId();
    }

    /** A VM that was paused meanwhile is left in peace: it was paused because its agent had said this. */
    @Override
    public PingAnswer ask(Duration timeout) {
        Session.Transition asked = moves.apply(session, new LifeEvent.Asked(environment.now()));
        if (asked.after() instanceof SessionLife.Paused) {
            return HEALTHY;
        }
        try {
            return vm.ping(timeout);
        } catch (VmException noAnswer) {
            return new PingAnswer.Silent(noAnswer.getMessage());
        }
    }

    @Override
    public void report(PingStatus status, String said) {
        environment.listeners().tell(listener -> listener.pinged(runtime(), status));
        moves.apply(session, new LifeEvent.Pinged(environment.now(), status));
        meters.readSoon(session);
    }
}
