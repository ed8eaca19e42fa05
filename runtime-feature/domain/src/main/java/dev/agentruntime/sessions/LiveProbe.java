package dev.agentruntime.sessions;

import dev.agentruntime.api.PingAnswer;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.PlainText;
import dev.agentruntime.api.SessionProbe;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.spi.VmException;
import java.time.Duration;

/** A session whose VM serves, as the ping loop sees it. */
record LiveProbe(Times times, SessionActor session, Vm vm, Rooms rooms) implements SessionProbe {

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
        SessionLife life = session.post(new LifeEvent.Asked(times.now()));
        if (life.isOver()) {
            return new PingAnswer.Silent("The session has ended.");
        }
        if (!life.serves()) {
            return HEALTHY;
        }
        try {
            return vm.ping(timeout);
        } catch (VmException noAnswer) {
            return new PingAnswer.Silent(PlainText.of(String.valueOf(noAnswer.getMessage())));
        }
    }

    /** What is said of a session that does not serve any more counts nowhere. An agent that waits for an answer from outside is busy. */
    @Override
    public void report(PingStatus status, String said) {
        PingStatus counted = status == PingStatus.HEALTHY && rooms.wait(session) ? PingStatus.HEALTHY_BUSY : status;
        session.post(new LifeEvent.Pinged(times.now(), counted, said));
    }
}
