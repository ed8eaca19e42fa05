package dev.agentruntime.runtime;

import dev.agentruntime.runtime.spi.PingReply;
import dev.agentruntime.runtime.spi.Vm;
import java.time.Duration;

/** A session whose VM serves, as the ping loop sees it. */
record LivePingTarget(Environment environment, SessionMoves moves, Meters meters, Session session, Vm vm)
        implements PingTarget {

    private static final PingReply HEALTHY = new PingReply(200, "{\"status\":\"Healthy\"}");

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
    public PingReply ask(Duration timeout) {
        Session.Transition asked = moves.apply(session, new LifeEvent.Asked(environment.now()));
        return asked.after() instanceof SessionLife.Paused ? HEALTHY : vm.ping(timeout);
    }

    @Override
    public void report(PingStatus status) {
        environment.listeners().tell(listener -> listener.pinged(runtime(), status));
        moves.apply(session, new LifeEvent.Pinged(environment.now(), status));
        meters.readSoon(session);
    }
}
