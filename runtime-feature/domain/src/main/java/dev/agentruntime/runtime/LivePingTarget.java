package dev.agentruntime.runtime;

import dev.agentruntime.runtime.spi.PingReply;
import dev.agentruntime.runtime.spi.Vm;
import java.time.Duration;

/** A session whose VM serves, as the ping loop sees it. */
record LivePingTarget(Environment environment, SessionMoves moves, Meters meters, Session session, Vm vm)
        implements PingTarget {

    @Override
    public String runtime() {
        return session.key().runtime();
    }

    @Override
    public String sessionId() {
        return session.key().sessionId();
    }

    @Override
    public PingReply ask(Duration timeout) {
        return vm.ping(timeout);
    }

    @Override
    public void report(PingStatus status) {
        environment.listeners().tell(listener -> listener.pinged(runtime(), status));
        moves.apply(session, new LifeEvent.Pinged(environment.now(), status));
        meters.readSoon(session);
    }
}
