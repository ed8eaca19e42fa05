package dev.agentruntime.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.EndCode;
import dev.agentruntime.api.PingStatus;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionView.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/**
 * Drives lives with random events beside a plain model of a VM, its callers and its agent; a failure names the seed that
 * brings it back. The model answers the orders as a hypervisor would: in turn, late, not at all for a while, or with a no.
 */
final class SessionLifeRandomTest {

    private static final Duration PAUSE_AFTER = Duration.ofSeconds(20);
    private static final Limits LIMITS =
            new Limits(Duration.ofMinutes(15), Duration.ofHours(2), Duration.ofMinutes(5), PAUSE_AFTER, Duration.ofSeconds(20),
                    Duration.ofSeconds(40));

    /** What the model knows of the VM. MAYBE: nobody can tell whether it runs. ON_DISK: there is none. */
    private enum Vm { NONE, RUNS, STANDS, MAYBE, ON_DISK, GONE }

    private final long seed = Long.getLong("agentruntime.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final Instant created = Instant.parse("2026-01-01T00:00:00Z");
    private final StringBuilder told = new StringBuilder("seed " + seed + " (run with -Dagentruntime.seed=" + seed + "):");

    private Instant now = created;
    private SessionLife life = SessionLife.begin(created).life();
    private Vm vm = Vm.NONE;
    private Optional<Order> underWay = Optional.empty();
    private boolean destroyWaits;
    /** On the disk, and its VM not proven gone yet. */
    private boolean written;
    private int hibernations;
    private boolean leased;
    private int releases;
    private int open;
    private int waiting;
    private Instant waitingSince = created;
    private Instant lastWork = created;
    private int failedPings;
    private boolean busy;
    private Rest rest = Rest.NOT_ASKED;
    private Optional<EndCode> ended = Optional.empty();

    /** With this many lives some get there. */
    @Test
    void somePutOnTheDiskAndComeBack() {
        int all = 0;
        for (int i = 0; i < 100; i++) {
            SessionLifeRandomTest one = new SessionLifeRandomTest();
            one.everyLifeKeepsItsPromises();
            all += one.hibernations;
        }
        assertThat(all).isPositive();
    }

    @RepeatedTest(300)
    void everyLifeKeepsItsPromises() {
        for (int step = 0; step < 300; step++) {
            happen(next());
        }
        happen(new LifeEvent.End(now, EndReason.serverStopped()));
        for (int tries = 0; !(life instanceof Gone) && tries < 20; tries++) {
            underWay.ifPresentOrElse(order -> happen(success(order)), () -> tick(Duration.ofMinutes(2)));
        }
        assertThat(life).as(told.toString()).isInstanceOf(Gone.class);
        assertThat(waiting).as("every caller is answered; " + told).isZero();
        assertThat(vm).as(told.toString()).isEqualTo(Vm.GONE);
        assertThat(releases).as(told.toString()).isEqualTo(1);
    }

    private void tick(Duration time) {
        now = now.plus(time);
        happen(new LifeEvent.Tick(now, LIMITS));
    }

    private LifeEvent next() {
        now = now.plusMillis(random.nextInt(random.nextInt(20) == 0 ? 300_000 : 4_000));
        int roll = random.nextInt(20);
        if (!leased && roll < 5) {
            return new LifeEvent.Leased(now);
        }
        if (underWay.isPresent() && roll < 9) {
            return answer(underWay.get());
        }
        return switch (roll) {
            case 0, 1, 2 -> new LifeEvent.RequestBegan(now);
            case 3, 4, 5, 6 -> open > 0 ? new LifeEvent.RequestEnded(now) : new LifeEvent.Tick(now, LIMITS);
            case 7, 8, 9 -> new LifeEvent.Asked(now);
            case 10, 11, 12 -> new LifeEvent.Pinged(now, PingStatus.HEALTHY, "Healthy");
            case 13 -> new LifeEvent.Pinged(now, random.nextBoolean() ? PingStatus.HEALTHY_BUSY : PingStatus.FAILED, "said");
            case 14 -> random.nextInt(60) == 0 && hasVm() ? died() : new LifeEvent.Read(now);
            case 16 -> random.nextInt(4) == 0 ? asked() : new LifeEvent.Tick(now, LIMITS);
            case 15 -> random.nextInt(80) == 0 ? new LifeEvent.End(now, EndReason.serverStopped()) : new LifeEvent.Read(now);
            default -> new LifeEvent.Tick(now, LIMITS);
        };
    }

    private LifeEvent asked() {
        return random.nextBoolean() ? new LifeEvent.ForkAsked(now) : new LifeEvent.HibernateAsked(now);
    }

    private boolean hasVm() {
        return vm == Vm.RUNS || vm == Vm.STANDS || vm == Vm.MAYBE;
    }

    private LifeEvent died() {
        return new LifeEvent.Died(now, "at random.");
    }

    private LifeEvent answer(Order order) {
        int roll = random.nextInt(10);
        Reach reach = roll < 3 ? Reach.AWAY : Reach.FINAL;
        if (roll > 3 || roll == 3 && random.nextInt(6) > 0) {
            return success(order);
        }
        if (order instanceof Order.Start) {
            return new LifeEvent.StartFailed(now, new Fault(Kind.PLATFORM, "no", List.of(), reach));
        }
        if (order instanceof Order.Pause) {
            return new LifeEvent.PauseFailed(now, reach);
        }
        if (order instanceof Order.Fork) {
            return new LifeEvent.Forked(now);
        }
        if (order instanceof Order.Hibernate && !written && random.nextBoolean()) {
            return vm == Vm.STANDS || random.nextBoolean() ? new LifeEvent.NotHibernated(now, new Fault(Kind.PLATFORM, "no", List.of(), reach))
                    : new LifeEvent.PauseFailed(now, reach);
        }
        return order instanceof Order.Resume
                ? new LifeEvent.WakeFailed(now, reach, "no") : new LifeEvent.NotDestroyed(now, reach, "no");
    }

    private LifeEvent success(Order order) {
        if (order instanceof Order.Start) {
            return new LifeEvent.Started(now);
        }
        if (order instanceof Order.Pause) {
            return new LifeEvent.PauseDone(now);
        }
        if (order instanceof Order.Hibernate) {
            return new LifeEvent.Hibernated(now);
        }
        if (order instanceof Order.Fork) {
            return new LifeEvent.Forked(now);
        }
        return order instanceof Order.Resume ? new LifeEvent.Woke(now) : new LifeEvent.Destroyed(now);
    }

    private void happen(LifeEvent event) {
        told.append("\n").append(life).append(" <- ").append(event);
        SessionLife before = life;
        model(event);
        Step step = life.next(event);
        life = step.life();
        Status told = before.status();
        for (Order order : step.orders()) {
            told = ordered(order, told);
        }
        assertThat(told).as("told of each move; " + this.told).isEqualTo(life.status());
        check(before, event);
    }

    /** What the event does to the model's VM, callers and agent, whatever the life makes of it. */
    private void model(LifeEvent event) {
        boolean over = ended.isPresent();
        boolean serves = vm == Vm.RUNS && underWay.isEmpty() && !over;
        if (event instanceof LifeEvent.RequestBegan) {
            waitingSince = waiting == 0 ? now : waitingSince;
            waiting++;
            lastWork = over || vm == Vm.NONE ? lastWork : now;
        } else if (event instanceof LifeEvent.RequestEnded) {
            open--;
            rest = Rest.NOT_ASKED;
            lastWork = over ? lastWork : now;
        } else if (event instanceof LifeEvent.Leased) {
            leased = true;
        } else if (event instanceof LifeEvent.Asked && serves) {
            rest = open > 0 || busy ? rest : Rest.ASKED;
        } else if (event instanceof LifeEvent.Pinged ping && serves) {
            pinged(ping.status());
        } else if (event instanceof LifeEvent.Died) {
            end(EndCode.VM_DIED);
        } else if (event instanceof LifeEvent.End end) {
            end(end.reason().code());
        } else if (event instanceof LifeEvent.Tick) {
            aged().ifPresent(this::end);
        } else {
            answered(event);
        }
    }

    private void answered(LifeEvent event) {
        if (event instanceof LifeEvent.Started) {
            vm = Vm.RUNS;
            lastWork = ended.isPresent() ? lastWork : now;
            done();
        } else if (event instanceof LifeEvent.StartFailed failed) {
            if (failed.fault().reach() == Reach.FINAL) {
                end(EndCode.START_FAILED);
            }
            done();
        } else if (event instanceof LifeEvent.PauseDone) {
            vm = Vm.STANDS;
            done();
        } else if (event instanceof LifeEvent.PauseFailed) {
            vm = Vm.MAYBE;
            done();
        } else if (event instanceof LifeEvent.Hibernated) {
            vm = Vm.ON_DISK;
            written = false;
            hibernations++;
            done();
        } else if (event instanceof LifeEvent.NotHibernated) {
            vm = Vm.STANDS;
            done();
        } else if (event instanceof LifeEvent.Forked) {
            vm = Vm.MAYBE;
            done();
        } else if (event instanceof LifeEvent.Woke) {
            vm = Vm.RUNS;
            rest = Rest.NOT_ASKED;
            failedPings = 0;
            lastWork = waiting > 0 && ended.isEmpty() ? now : lastWork;
            done();
        } else if (event instanceof LifeEvent.WakeFailed failed) {
            vm = vm == Vm.ON_DISK ? vm : Vm.MAYBE;
            if (failed.reach() == Reach.FINAL) {
                end(EndCode.VM_DIED);
            }
            done();
        } else if (event instanceof LifeEvent.Destroyed) {
            vm = Vm.GONE;
            done();
        } else if (event instanceof LifeEvent.NotDestroyed) {
            boolean hibernating = underWay.filter(order -> order instanceof Order.Hibernate).isPresent();
            written = written || hibernating;
            vm = hibernating ? Vm.STANDS : vm;
            done();
        }
    }

    private void done() {
        underWay = destroyWaits ? Optional.of(new Order.Destroy()) : Optional.empty();
        destroyWaits = false;
    }

    private void pinged(PingStatus answer) {
        boolean wasBusy = busy;
        rest = answer == PingStatus.HEALTHY && open == 0 && !wasBusy && rest != Rest.NOT_ASKED ? Rest.CONFIRMED : Rest.NOT_ASKED;
        failedPings = answer == PingStatus.FAILED ? failedPings + 1 : 0;
        busy = answer == PingStatus.FAILED ? busy : answer == PingStatus.HEALTHY_BUSY;
        lastWork = answer == PingStatus.HEALTHY_BUSY ? now : lastWork;
        if (failedPings == 3) {
            end(EndCode.UNHEALTHY);
        }
    }

    private Optional<EndCode> aged() {
        Duration age = Duration.between(created, now);
        if (vm == Vm.NONE) {
            return age.compareTo(LIMITS.startTimeout()) >= 0 || isPatienceOver() ? Optional.of(EndCode.START_FAILED) : Optional.empty();
        }
        if (age.compareTo(LIMITS.maxLifetime()) >= 0) {
            return Optional.of(EndCode.MAX_LIFETIME);
        }
        return !working() && Duration.between(lastWork, now).compareTo(LIMITS.idleTimeout()) >= 0
                ? Optional.of(EndCode.IDLE_TIMEOUT) : Optional.empty();
    }

    private boolean isPatienceOver() {
        return life instanceof Starting starting && starting.away().isPresent() && underWay.isEmpty()
                && !now.isBefore(starting.start().orElseThrow().since().plus(LIMITS.hypervisorTimeout()));
    }

    private boolean working() {
        return open > 0 || waiting > 0 || busy;
    }

    /** The first reason counts. */
    private void end(EndCode code) {
        ended = ended.or(() -> Optional.of(code));
    }

    /** What an order may be given for, and what it does. */
    private Status ordered(Order order, Status status) {
        told.append("\n    ").append(order);
        if (order instanceof Order.Serve) {
            assertThat(vm).as("served by a VM that runs; " + told).isEqualTo(Vm.RUNS);
            open += waiting;
            waiting = 0;
        } else if (order instanceof Order.Refuse) {
            waiting = 0;
        } else if (order instanceof Order.Destroy) {
            assertThat(ended).as(told.toString()).isPresent();
            destroyWaits = underWay.isPresent();
            underWay = underWay.or(() -> Optional.of(order));
        } else if (order instanceof Order.Release) {
            releases += leased ? 1 : 0;
            assertThat(vm).as(told.toString()).isEqualTo(Vm.GONE);
        } else if (order instanceof Order.OnVm && !(order instanceof Order.ReadMeter)) {
            assertThat(underWay).as("one order at a time; " + told).isEmpty();
            if (order instanceof Order.Pause) {
                assertThat(working()).as("never paused at work; " + told).isFalse();
                assertThat(rest).as(told.toString()).isEqualTo(Rest.CONFIRMED);
            }
            if (order instanceof Order.Fork) {
                assertThat(working()).as("never forked at work; " + told).isFalse();
            }
            if (order instanceof Order.Hibernate) {
                assertThat(working() && !written).as("never put on the disk at work; " + told).isFalse();
                assertThat(vm == Vm.STANDS || vm == Vm.RUNS && rest == Rest.CONFIRMED).as("at rest; " + told).isTrue();
            }
            underWay = Optional.of(order);
        } else if (order instanceof Order.Tell tell && tell.news() instanceof News.Moved moved) {
            assertThat(moved.from()).as(told.toString()).isEqualTo(status);
            return moved.to();
        }
        return status;
    }

    private void check(SessionLife before, LifeEvent event) {
        String told = this.told.toString();
        assertThat(life.createdAt()).as(told).isEqualTo(created);
        assertThat(life.lastActivityAt(now)).as(told).isBetween(created, now);
        if (ended.isPresent()) {
            EndReason reason = life instanceof Ending ending ? ending.reason() : ((Gone) life).reason();
            assertThat(reason.code()).as(told).isEqualTo(ended.get());
            assertThat(waiting).as("nobody waits for what is over; " + told).isZero();
            return;
        }
        assertThat(life.isOver()).as(told).isFalse();
        if (vm == Vm.NONE) {
            assertThat(life.status()).as(told).isEqualTo(Status.PROVISIONING);
            return;
        }
        assertThat(life.status()).as(told).isEqualTo(working() ? Status.ACTIVE : life instanceof Hibernated ? Status.HIBERNATED : Status.IDLE);
        assertThat(life instanceof Hibernated && vm != Vm.ON_DISK).as(told).isFalse();
        assertThat(life.serves()).as("runs and nothing is under way; " + told).isEqualTo(vm == Vm.RUNS && underWay.isEmpty());
        if (event instanceof LifeEvent.Tick && waiting > 0) {
            assertThat(Duration.between(waitingSince, now)).as("nobody waits longer; " + told).isLessThan(LIMITS.hypervisorTimeout());
        }
        if (before.isOver()) {
            assertThat(life.isOver()).as(told).isTrue();
        }
    }
}
