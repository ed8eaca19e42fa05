package dev.agentruntime.sessions;

import dev.agentruntime.agents.AgentLease;
import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.SessionOrigin;
import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Tenant;
import dev.agentruntime.api.Usage;
import dev.agentruntime.spi.MeterReading;
import dev.agentruntime.spi.Snapshot;
import dev.agentruntime.spi.Vm;
import dev.agentruntime.store.Kept;
import dev.agentruntime.store.SessionRecord;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * All that a session is: who put it down and picks it up again needs this and nothing else.
 *
 * @param identity    what never changes
 * @param life        where it is in its life
 * @param lease       its hold on the agent's version, from before its start until its VM is gone
 * @param held        its VM
 * @param spoilt      VMs that died while they were being started for it and could not be destroyed yet
 * @param metering    what it has used; empty until its VM serves
 * @param invocations begun so far
 * @param startTime   from its creation until its VM served
 * @param closedAt    when its VM was proven gone, by the wall clock
 * @param saved       it as it is on the disk; then the VM it holds is gone or about to be
 */
record SessionState(
        Identity identity, SessionLife life, Optional<AgentLease> lease, Optional<Held> held, List<Vm> spoilt,
        Optional<Metering> metering, long invocations, Optional<Duration> startTime, Optional<Instant> closedAt,
        Optional<Snapshot> saved) {

    /**
     * What a session is from its first moment on.
     *
     * @param rowId     names it for good; a session id may be used again
     * @param tenant    its owner's
     * @param origin    what the request that began it is told
     * @param createdAt by the wall clock
     */
    record Identity(
            String rowId, SessionKey key, Subject owner, Tenant tenant, SessionOrigin origin, Instant createdAt) {}

    /**
     * The VM a session holds: it must be destroyed, whatever happens.
     *
     * @param digest          of the agent's version
     * @param chargedCpuNanos what it had used before, and the platform was charged with
     * @param baseline        the reading when it had begun the session; empty until then
     */
    record Held(Vm vm, String digest, long chargedCpuNanos, Optional<MeterReading> baseline) {}

    static SessionState begun(Identity identity, SessionLife life) {
        return new SessionState(identity, life, Optional.empty(), Optional.empty(), List.of(), Optional.empty(), 0,
                Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * A session of an earlier run, as that has written it.
     *
     * @param record of a session that served, with what is kept of it
     */
    static SessionState goingOn(SessionRecord record, Kept kept, AgentLease lease, Vm vm, Times times) {
        SessionView view = record.view();
        long baseline = record.baselineCpuNanos().orElse(0L);
        boolean worked = view.status() == SessionView.Status.ACTIVE;
        Instant lastSeen = worked ? times.now() : times.ofTheWall(view.lastActivityAt());
        return new SessionState(
                new Identity(record.rowId(), new SessionKey(view.runtime(), view.sessionId()), view.subject(), kept.tenant(),
                        SessionOrigin.CONTINUED, view.createdAt()),
                SessionLife.goOn(times.ofTheWall(view.createdAt()), lastSeen).life(), Optional.of(lease),
                Optional.of(new Held(vm, view.digest(), baseline, Optional.of(new MeterReading(baseline, kept.baselineVcpuNanos(), 0, view.usage().source())))), List.of(),
                Optional.of(Metering.goOn(baseline, view.usage(), kept, times)), view.usage().invocations(), view.startTime(), Optional.empty(),
                Optional.empty());
    }

    /**
     * A session that an earlier run has put on the disk, as that has written it.
     *
     * @param record of a session that served, with what is kept of it
     */
    static SessionState onTheDisk(SessionRecord record, Kept kept, AgentLease lease, Snapshot saved, Times times) {
        SessionView view = record.view();
        long baseline = record.baselineCpuNanos().orElse(0L);
        VmOnDisk vm = new VmOnDisk(view.vm().orElseThrow(), view.startMode().orElse(StartMode.CLONE), new MeterReading(
                baseline + view.usage().cpuNanos(), kept.baselineVcpuNanos() + view.usage().vcpuNanos(), 0, view.usage().source()));
        SessionState before = goingOn(record, kept, lease, vm, times);
        return new SessionState(before.identity, new Hibernated(before.life.createdAt(), times.ofTheWall(view.lastActivityAt())), before.lease,
                before.held, List.of(), before.metering.map(Metering::withoutMemory), before.invocations, before.startTime, Optional.empty(),
                Optional.of(saved));
    }

    /** After {@code event}, which led to {@code next}. */
    SessionState after(LifeEvent event, SessionLife next) {
        boolean counts = event instanceof LifeEvent.RequestBegan && !next.isOver();
        boolean serves = life instanceof Starting && next.serves();
        return new SessionState(identity, next, lease, held, spoilt,
                serves ? held.flatMap(Held::baseline).map(reading -> Metering.from(reading, event.at())) : metering,
                counts ? invocations + 1 : invocations,
                serves ? Optional.of(Duration.between(life.createdAt(), event.at())) : startTime, closedAt, saved);
    }

    SessionState leased(Optional<AgentLease> hold) {
        return new SessionState(identity, life, hold, held, spoilt, metering, invocations, startTime, closedAt, saved);
    }

    SessionState holding(Optional<Held> vm) {
        return new SessionState(identity, life, lease, vm, spoilt, metering, invocations, startTime, closedAt, saved);
    }

    /** A VM did not live until it served; it is not held any more. */
    SessionState spoilt(Vm vm) {
        List<Vm> all = new ArrayList<>(spoilt);
        all.add(vm);
        return new SessionState(identity, life, lease, held.filter(now -> now.vm() != vm), List.copyOf(all), metering, invocations, startTime, closedAt, saved);
    }

    SessionState without(Vm gone) {
        return new SessionState(identity, life, lease, held, spoilt.stream().filter(vm -> vm != gone).toList(), metering,
                invocations, startTime, closedAt, saved);
    }

    SessionState metered(MeterReading reading, Instant now) {
        return new SessionState(identity, life, lease, held, spoilt, metering.map(before -> before.next(reading, now)),
                invocations, startTime, closedAt, saved);
    }

    SessionState metering(UnaryOperator<Metering> change) {
        return new SessionState(identity, life, lease, held, spoilt, metering.map(change), invocations, startTime, closedAt, saved);
    }

    SessionState saved(Optional<Snapshot> snapshot) {
        return new SessionState(identity, life, lease, held, spoilt, metering, invocations, startTime, closedAt, snapshot);
    }

    SessionState closed(Instant wallNow) {
        return new SessionState(identity, life, lease, held, spoilt, metering, invocations, startTime, Optional.of(wallNow), saved);
    }

    /** As callers see it. */
    SessionView view(Times times) {
        Instant seen = times.onTheWall(life.lastActivityAt(times.now()));
        SessionView view = new SessionView(
                identity.key().sessionId(), identity.key().runtime(), held.map(Held::digest).orElse(""), life.status(),
                identity.owner(), identity.createdAt(), seen.isBefore(identity.createdAt()) ? identity.createdAt() : seen,
                held.map(held -> held.vm().startMode()), startTime,
                held.map(held -> held.vm().name()), reason().map(EndReason::sentence), usage());
        return reason().map(reason -> view.endedFor(reason.code())).orElse(view);
    }

    /**
     * As the ledger keeps it.
     *
     * @param idleTimeout where it was changed for it alone
     */
    SessionRecord record(String serverId, Times times, Optional<Duration> idleTimeout) {
        SessionView view = view(times);
        return new SessionRecord(identity.rowId(), serverId, view, metering.map(Metering::baselineCpuNanos),
                reason().map(reason -> reason.code().name()), closedAt,
                metering.map(meter -> times.onTheWall(meter.readAt())).orElse(identity.createdAt()), kept(times, idleTimeout));
    }

    private Optional<Kept> kept(Times times, Optional<Duration> idleTimeout) {
        if (!life.mayBeLeft() || lease.isEmpty()) {
            return Optional.empty();
        }
        AgentLease version = lease.get();
        Kept.Agent agent = new Kept.Agent(version.paths().invocations(), version.passesToken(), version.terms().headers(),
                version.terms().idleTimeout(), version.terms().maxLifetime());
        return metering.map(meter -> new Kept(identity.tenant(), agent, idleTimeout, times.onTheWall(meter.readAt()), meter.memoryBytes(),
                meter.baselineVcpuNanos(), saved.map(Snapshot::key)));
    }

    private Optional<EndReason> reason() {
        if (life instanceof Ending ending) {
            return Optional.of(ending.reason());
        }
        return life instanceof Gone gone ? Optional.of(gone.reason()) : Optional.empty();
    }

    private Usage usage() {
        return usage(metering);
    }

    /** With what was read of its meter. */
    Usage usage(Optional<Metering> read) {
        return read.map(meter -> meter.usage(invocations)).orElseGet(
                () -> new Usage(0, BigDecimal.ZERO, 0, invocations, MeterSource.HYPERVISOR));
    }
}
