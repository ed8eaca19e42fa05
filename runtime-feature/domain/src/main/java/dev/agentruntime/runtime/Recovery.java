package dev.agentruntime.runtime;

import dev.agentruntime.api.PlatformWork;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Usage;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.store.Ledger;
import dev.agentruntime.store.SessionRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Logger;

/** Closes, once, the records of sessions that an earlier run of this server left alive. Thread-safe. */
final class Recovery {

    private static final Logger LOG = Logger.getLogger(Recovery.class.getName());

    private enum Step { WAITING_FOR_HYPERVISOR, WAITING_FOR_LEDGER, DONE }

    private final Ledger ledger;
    private final Environment environment;
    private final Supplier<String> serverId;
    private Step step = Step.WAITING_FOR_HYPERVISOR;
    private Map<String, MeterReading> leftovers = Map.of();

    Recovery(Ledger ledger, Environment environment, Supplier<String> serverId) {
        this.ledger = ledger;
        this.environment = environment;
        this.serverId = serverId;
    }

    synchronized void leftovers(Map<String, MeterReading> byVm) {
        leftovers = Map.copyOf(byVm);
        step = Step.WAITING_FOR_LEDGER;
    }

    /** Does what can be done now, and says whether that was all. Throws LedgerException when the ledger cannot be used. */
    synchronized boolean finish() {
        if (step == Step.WAITING_FOR_LEDGER) {
            List<SessionRecord> closed = ledger.unfinished(serverId.get()).stream().map(this::closed).toList();
            if (!closed.isEmpty()) {
                ledger.save(closed);
            }
            if (!closed.isEmpty() || !leftovers.isEmpty()) {
                Message.RECLAIMED.log(LOG, leftovers.size(), closed.size());
            }
            step = Step.DONE;
            leftovers = Map.of();
        }
        return step == Step.DONE;
    }

    private SessionRecord closed(SessionRecord record) {
        Instant now = environment.now();
        SessionView view = record.view();
        Usage usage = view.vm().map(leftovers::get).map(reading -> usage(record, reading)).orElse(view.usage());
        Ending ending = Ending.serverRestart();
        return new SessionRecord(record.rowId(), record.serverId(),
                new SessionView(view.sessionId(), view.runtime(), view.digest(), SessionView.Status.TERMINATED,
                        view.subject(), view.createdAt(), view.lastActivityAt(), view.startMode(), view.startTime(),
                        view.vm(), view.terminationReason().or(() -> Optional.of(ending.sentence())), usage),
                record.baselineCpuNanos(), record.reasonCode().or(() -> Optional.of(ending.code().name())),
                Optional.of(now));
    }

    /** Without a baseline the VM never served, and what it used is the platform's. */
    private Usage usage(SessionRecord record, MeterReading reading) {
        Usage written = record.view().usage();
        if (record.baselineCpuNanos().isEmpty()) {
            environment.listeners().tell(listener -> listener.platformUsed(PlatformWork.START, reading.cpuNanos()));
            return written;
        }
        return new Usage(
                Math.max(written.cpuNanos(), reading.cpuNanos() - record.baselineCpuNanos().get()),
                written.memoryByteSeconds(), Math.max(written.peakMemoryBytes(), reading.memoryBytes()),
                written.invocations(), reading.source());
    }
}
