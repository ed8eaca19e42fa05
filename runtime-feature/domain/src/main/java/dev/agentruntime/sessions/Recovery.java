package dev.agentruntime.sessions;

import dev.agentruntime.api.PlatformWork;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.Usage;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.Reclaimed;
import dev.agentruntime.store.Ledger;
import dev.agentruntime.store.LedgerException;
import dev.agentruntime.store.SessionRecord;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * The sessions that an earlier run of this server left alive: knows which may go on, and closes the records of the others, each as soon
 * as it is known what became of its VM. Readings are kept until they are written. Thread-safe; blocks as the ledger does.
 */
final class Recovery {

    private static final Logger LOG = Logger.getLogger(Recovery.class.getName());

    /** What the hypervisor said of the earlier run's VMs. */
    private record Fates(Map<String, MeterReading> destroyed, Set<String> left) {}

    /**
     * What can be written now.
     *
     * @param records   as they are closed
     * @param destroyed the VMs whose last readings are in them, or in none
     */
    private record Ready(List<SessionRecord> records, Set<String> destroyed) {}

    private final Ledger ledger;
    private final Listeners listeners;
    private final Times times;
    private final String serverId;
    private final ReentrantLock closing = new ReentrantLock();
    private final Map<String, EndReason> reasons = new HashMap<>();
    private volatile boolean listed;
    private Optional<List<SessionRecord>> open = Optional.empty();
    private Optional<Fates> fates = Optional.empty();

    Recovery(Ledger ledger, Listeners listeners, Times times, String serverId) {
        this.ledger = ledger;
        this.listeners = listeners;
        this.times = times;
        this.serverId = serverId;
    }

    /**
     * Learns which sessions the earlier run left, before this run writes its own among them, and closes those it can.
     *
     * @throws LedgerException the ledger cannot be read
     */
    void list() {
        if (!listed) {
            // Without the lock: a database that hangs holds up nobody who asks about VMs.
            List<SessionRecord> unfinished = ledger.unfinished(serverId);
            synchronized (this) {
                open = open.or(() -> Optional.of(unfinished));
                listed = true;
            }
        }
        close();
    }

    /** Whether it is known which sessions there are. Does not block. */
    boolean isListed() {
        return listed;
    }

    /** Those that had begun to serve and were not over: they may go on where their VM is there. */
    synchronized List<SessionRecord> candidates() {
        return open.orElse(List.of()).stream().filter(record -> served(record) && !reasons.containsKey(record.rowId())).toList();
    }

    private static boolean served(SessionRecord record) {
        return record.kept().isPresent() && record.baselineCpuNanos().isPresent() && record.view().vm().isPresent()
                && record.reasonCode().isEmpty();
    }

    /** It goes on; its record is this run's. */
    synchronized void goesOn(SessionRecord session) {
        open = open.map(all -> all.stream().filter(record -> !record.rowId().equals(session.rowId())).toList());
    }

    /** It cannot go on, for {@code reason}; its VM is to be destroyed. */
    synchronized void ends(SessionRecord session, EndReason reason) {
        reasons.put(session.rowId(), reason);
    }

    /**
     * Learns what became of VMs; those that are not named have gone before.
     *
     * @param spared those that may go on yet
     */
    synchronized void reclaimed(Reclaimed reclaimed, Set<String> spared) {
        Map<String, MeterReading> destroyed = new HashMap<>(fates.map(Fates::destroyed).orElse(Map.of()));
        destroyed.putAll(reclaimed.destroyed());
        Set<String> left = new HashSet<>(reclaimed.left().keySet());
        left.addAll(spared);
        fates = Optional.of(new Fates(Map.copyOf(destroyed), Set.copyOf(left)));
    }

    /**
     * Closes what can be closed now. Nobody else waits meanwhile but who closes, too.
     *
     * @throws LedgerException the ledger cannot be written; nothing is lost
     */
    void close() {
        closing.lock();
        try {
            ready().ifPresent(this::close);
        } finally {
            closing.unlock();
        }
    }

    private synchronized Optional<Ready> ready() {
        if (open.isEmpty() || fates.isEmpty()) {
            return Optional.empty();
        }
        Fates known = fates.get();
        return Optional.of(new Ready(open.get().stream().filter(record -> !isLeft(record, known)).map(record -> closed(record, known.destroyed())).toList(),
                known.destroyed().keySet()));
    }

    private void close(Ready ready) {
        if (!ready.records().isEmpty()) {
            ledger.save(ready.records());
        }
        if (!ready.records().isEmpty() || !ready.destroyed().isEmpty()) {
            SessionMessage.RECLAIMED.log(LOG, ready.destroyed().size(), ready.records().size());
        }
        written(ready);
    }

    /** What has become known meanwhile stays for the next time. */
    private synchronized void written(Ready ready) {
        Set<String> rows = ready.records().stream().map(SessionRecord::rowId).collect(Collectors.toSet());
        open = open.map(all -> all.stream().filter(record -> !rows.contains(record.rowId())).toList());
        fates = fates.map(known -> {
            Map<String, MeterReading> destroyed = new HashMap<>(known.destroyed());
            destroyed.keySet().removeAll(ready.destroyed());
            return new Fates(Map.copyOf(destroyed), known.left());
        });
    }

    private static boolean isLeft(SessionRecord record, Fates known) {
        return record.view().vm().filter(known.left()::contains).isPresent();
    }

    private SessionRecord closed(SessionRecord record, Map<String, MeterReading> readings) {
        SessionView view = record.view();
        Optional<MeterReading> last = view.vm().flatMap(vm -> Optional.ofNullable(readings.get(vm)));
        Usage usage = last.map(reading -> usage(record, reading)).orElse(view.usage());
        EndReason reason = reasons.getOrDefault(record.rowId(), EndReason.serverRestart());
        return new SessionRecord(record.rowId(), record.serverId(),
                new SessionView(view.sessionId(), view.runtime(), view.digest(), SessionView.Status.TERMINATED,
                        view.subject(), view.createdAt(), view.lastActivityAt(), view.startMode(), view.startTime(),
                        view.vm(), view.terminationReason().or(() -> Optional.of(reason.sentence())), usage),
                record.baselineCpuNanos(), record.reasonCode().or(() -> Optional.of(reason.code().name())),
                Optional.of(times.wallNow()), last.filter(Recovery::lived).map(reading -> times.wallNow()).orElse(record.usedUntil()));
    }

    /** Until it was destroyed now: what its control group counts is there for longer. Otherwise nobody knows how long it was there. */
    private static boolean lived(MeterReading reading) {
        return reading.memoryBytes() > 0;
    }

    /** What a VM that lived until now held since its session's last row was written. */
    private BigDecimal heldSince(SessionRecord record, MeterReading reading) {
        Duration held = Duration.between(record.usedUntil(), times.wallNow());
        return held.isNegative() ? BigDecimal.ZERO
                : BigDecimal.valueOf(reading.memoryBytes()).multiply(BigDecimal.valueOf(held.toMillis(), 3));
    }

    /** Without a baseline the VM never served, and what it used is the platform's. */
    private Usage usage(SessionRecord record, MeterReading reading) {
        Usage written = record.view().usage();
        if (record.baselineCpuNanos().isEmpty()) {
            listeners.tell(listener -> listener.platformUsed(PlatformWork.START, reading.cpuNanos()));
            return written;
        }
        return new Usage(
                Math.max(written.cpuNanos(), reading.cpuNanos() - record.baselineCpuNanos().get()),
                written.vcpuNanos(), written.platformNanos(),
                written.memoryByteSeconds().add(heldSince(record, reading)), Math.max(written.peakMemoryBytes(), reading.memoryBytes()),
                written.invocations(), reading.source());
    }
}
