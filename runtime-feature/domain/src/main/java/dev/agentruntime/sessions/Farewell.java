package dev.agentruntime.sessions;

import dev.agentruntime.api.EndCode;
import dev.agentruntime.api.PlainText;
import dev.agentruntime.spi.Vm;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.logging.Logger;

/** Gives the agent of a session that ends the time to do what it has to. Blocks for so long at most. */
final class Farewell {

    private static final Logger LOG = Logger.getLogger(Farewell.class.getName());
    /** Not where the VM is gone, has never served, or must use nothing more. */
    private static final Set<EndCode> HEARD =
            EnumSet.of(EndCode.STOPPED, EndCode.IDLE_TIMEOUT, EndCode.MAX_LIFETIME, EndCode.UNHEALTHY, EndCode.SERVER_STOPPED);

    private final Supplier<Duration> grace;

    /** @param grace how long it may take, as it is now; none where that is zero */
    Farewell(Supplier<Duration> grace) {
        this.grace = grace;
    }

    /** Says it once: an end that has to be tried again does not say it again. One that is on the disk hears nothing. */
    void say(SessionActor session) {
        Duration most = grace.get();
        if (!most.isZero() && session.state().metering().isPresent() && session.state().saved().isEmpty()
                && session.life() instanceof Ending ending
                && ending.destruction().failures() == 0 && HEARD.contains(ending.reason().code())) {
            session.state().held().ifPresent(held -> say(session.key(), held.vm(), most));
        }
    }

    /** Whatever fails: the session ends. */
    private static void say(SessionKey session, Vm vm, Duration most) {
        try {
            vm.farewell(most);
        } catch (RuntimeException | Error e) {
            SessionMessage.FAREWELL_FAILED.log(LOG, session, PlainText.of(String.valueOf(e.getMessage())));
        }
    }
}
