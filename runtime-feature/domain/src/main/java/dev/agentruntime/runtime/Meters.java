package dev.agentruntime.runtime;

import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.VmException;
import dev.agentruntime.store.LedgerKeeper;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Reads the meters of sessions and passes on what was used. Thread-safe. */
final class Meters {

    private static final Logger LOG = Logger.getLogger(Meters.class.getName());

    private final Environment environment;
    private final LedgerKeeper ledger;

    Meters(Environment environment, LedgerKeeper ledger) {
        this.environment = environment;
        this.ledger = ledger;
    }

    /** Reads on a worker thread. */
    void readSoon(Session session) {
        environment.workers().work().execute(() -> read(session));
    }

    /** Blocks. A meter that cannot be read leaves the usage as it was; after the VM's end its last reading counts. */
    void read(Session session) {
        if (session.life() instanceof SessionLife.Terminated) {
            return;
        }
        session.vm().ifPresent(vm -> {
            try {
                take(session, vm.read());
            } catch (VmException e) {
                if (session.life() instanceof SessionLife.Terminated) {
                    LOG.log(Level.FINE, e, () -> "The VM of session " + session.key() + " ended during a reading.");
                } else {
                    Message.METER_FAILED.log(LOG, session.key(), e.getMessage());
                }
            }
        });
    }

    void take(Session session, MeterReading reading) {
        Session.Used used = session.metered(reading, environment.now());
        environment.listeners().tell(listener ->
                listener.used(session.key().runtime(), used.cpuNanos(), used.memoryByteSeconds()));
        ledger.mark(session.account(environment));
    }
}
