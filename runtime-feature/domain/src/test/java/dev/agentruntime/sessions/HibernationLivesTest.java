package dev.agentruntime.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.EndCode;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.SessionView.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** On the way to the disk, there, and back. */
final class HibernationLivesTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Limits LIMITS = new Limits(Duration.ofMinutes(15), Duration.ofHours(8), Duration.ofMinutes(5), Duration.ofSeconds(2),
            Duration.ofSeconds(10), Duration.ofMinutes(2));

    private static final Fault NO = Fault.of(Kind.PLATFORM, "The pages cannot be read.");

    private Instant now = START;
    private SessionLife life = new Paused(START, START, Retry.atOnce());
    private List<Order> orders = List.of();

    private void next(LifeEvent event) {
        Step step = life.next(event);
        life = step.life();
        orders = step.orders();
    }

    private void tick(Duration time) {
        now = now.plus(time);
        next(new LifeEvent.Tick(now, LIMITS));
    }

    private void request() {
        next(new LifeEvent.RequestBegan(now));
    }

    private void hibernating() {
        tick(Duration.ofMinutes(2));
        assertThat(life).isInstanceOf(Hibernating.class);
    }

    private void hibernated() {
        hibernating();
        next(new LifeEvent.Hibernated(now));
        assertThat(life).isInstanceOf(Hibernated.class);
    }

    private Optional<Fault> refusal() {
        return orders.stream().filter(Order.Refuse.class::isInstance).map(order -> ((Order.Refuse) order).fault()).findFirst();
    }

    @Test
    void whatRestsLongEnoughGoesToTheDisk() {
        tick(Duration.ofMinutes(2).minusMillis(1));
        assertThat(life).isInstanceOf(Paused.class);
        tick(Duration.ofMillis(1));
        assertThat(life).isInstanceOf(Hibernating.class);
        assertThat(life.status()).isEqualTo(Status.IDLE);
        assertThat(orders).containsExactly(new Order.Hibernate());
        next(new LifeEvent.Hibernated(now));
        assertThat(life.status()).isEqualTo(Status.HIBERNATED);
        assertThat(orders).containsExactly(new Order.Tell(new News.Moved(Status.IDLE, Status.HIBERNATED)),
                new Order.Record(Order.Haste.WITHIN_SECONDS), new Order.Record(Order.Haste.AT_ONCE));
    }

    @Test
    void whoeverAsksForItHasItGoThereAtOnce() {
        next(new LifeEvent.HibernateAsked(now));
        assertThat(life).isInstanceOf(Hibernating.class);
        assertThat(orders).containsExactly(new Order.Hibernate());
        next(new LifeEvent.HibernateAsked(now));
        assertThat(life).isInstanceOf(Hibernating.class);
        assertThat(orders).as("it is on its way").isEmpty();
        next(new LifeEvent.Hibernated(now));
        next(new LifeEvent.HibernateAsked(now));
        assertThat(life).isInstanceOf(Hibernated.class);
        assertThat(orders).as("it is there").isEmpty();
    }

    @Test
    void anIdleOneGoesThereOnlyWhenItsAgentHasSaidThatItHasNothingToDo() {
        for (Rest rest : Rest.values()) {
            life = new Idle(START, START, 0, rest);
            next(new LifeEvent.HibernateAsked(now));
            assertThat(life).as(rest.name()).isInstanceOf(rest == Rest.CONFIRMED ? Hibernating.class : Idle.class);
            assertThat(orders).as(rest.name()).isEqualTo(rest == Rest.CONFIRMED ? List.of(new Order.Hibernate()) : List.of());
        }
    }

    @Test
    void whatIsAtWorkDoesNotGoThereWhoeverAsks() {
        for (SessionLife working : List.of(SessionLife.begin(START).life(), new Active(START, START, 1, OwnWork.NONE, 0), new Active(START, START, 0, OwnWork.BUSY, 0),
                Waking.of(life, START, Queue.empty(START), START).life(), Forking.of(life, START, START).life())) {
            life = working;
            next(new LifeEvent.HibernateAsked(now));
            assertThat(life).isEqualTo(working);
            assertThat(orders).isEmpty();
        }
    }

    @Test
    void oneThatCannotBePausedForItIsMadeSureToRun() {
        life = new Idle(START, START, 0, Rest.CONFIRMED);
        next(new LifeEvent.HibernateAsked(now));
        next(new LifeEvent.PauseFailed(now, Reach.AWAY));
        assertThat(life).isInstanceOf(Waking.class);
        assertThat(orders).containsExactly(new Order.Resume());
        next(new LifeEvent.Woke(now));
        assertThat(life).isInstanceOf(Idle.class);
    }

    @Test
    void whoeverAsksNeedNotWaitUntilItIsTriedAgainByItself() {
        hibernating();
        next(new LifeEvent.NotHibernated(now, NO));
        next(new LifeEvent.HibernateAsked(now));
        assertThat(((Hibernating) life).failures()).isEqualTo(1);
        next(new LifeEvent.NotHibernated(now, NO));
        assertThat(life).as("and it fails ever less often by itself").isEqualTo(new Paused(START, START, new Retry(2, now.plus(Duration.ofMinutes(2)))));
    }

    @Test
    void zeroIsNever() {
        now = now.plus(Duration.ofMinutes(14));
        next(new LifeEvent.Tick(now, new Limits(Duration.ofMinutes(15), Duration.ofHours(8), Duration.ofMinutes(5), Duration.ofSeconds(2),
                Duration.ofSeconds(10))));
        assertThat(life).isInstanceOf(Paused.class);
    }

    @Test
    void theNextRequestBringsItBack() {
        hibernated();
        request();
        assertThat(life).isInstanceOf(Waking.class);
        assertThat(life.status()).isEqualTo(Status.ACTIVE);
        assertThat(orders).endsWith(new Order.Resume());
        next(new LifeEvent.Woke(now));
        assertThat(life).isInstanceOf(Active.class);
        assertThat(orders).contains(new Order.Serve());
    }

    @Test
    void aRequestThatComesWhileItIsWrittenWaitsAndBringsItBack() {
        hibernating();
        request();
        assertThat(life).isInstanceOf(Hibernating.class);
        assertThat(life.status()).isEqualTo(Status.ACTIVE);
        next(new LifeEvent.Hibernated(now));
        assertThat(life).isInstanceOf(Waking.class);
        assertThat(orders).containsExactly(new Order.Resume());
    }

    @Test
    void aCallerThatLeavesMeanwhileLetsItStayThere() {
        hibernating();
        request();
        next(new LifeEvent.RequestEnded(now));
        next(new LifeEvent.Hibernated(now));
        assertThat(life).isInstanceOf(Hibernated.class);
    }

    @Test
    void whatCannotBeWrittenStaysPausedAndIsTriedAgainEverLater() {
        hibernating();
        next(new LifeEvent.NotHibernated(now, NO));
        assertThat(life).isEqualTo(new Paused(START, START, new Retry(1, now.plus(Duration.ofMinutes(1)))));
        tick(Duration.ofSeconds(59));
        assertThat(life).isInstanceOf(Paused.class);
        tick(Duration.ofSeconds(1));
        assertThat(orders).containsExactly(new Order.Hibernate());
        next(new LifeEvent.NotHibernated(now, NO));
        tick(Duration.ofSeconds(119));
        assertThat(life).isInstanceOf(Paused.class);
        tick(Duration.ofSeconds(1));
        assertThat(life).isInstanceOf(Hibernating.class);
    }

    @Test
    void whatCannotBeWrittenGoesOnForARequest() {
        hibernating();
        request();
        next(new LifeEvent.NotHibernated(now, NO));
        assertThat(life).isInstanceOf(Waking.class);
        assertThat(orders).containsExactly(new Order.Resume());
    }

    @Test
    void aVmThatStaysWhileItsSessionIsOnTheDiskIsEndedAgain() {
        hibernating();
        next(new LifeEvent.NotDestroyed(now, Reach.AWAY, "libvirtd is down"));
        assertThat(life).isInstanceOf(Hibernating.class);
        tick(Duration.ofMillis(500));
        assertThat(orders).containsExactly(new Order.Hibernate());
        next(new LifeEvent.Hibernated(now));
        assertThat(life).isInstanceOf(Hibernated.class);
    }

    @Test
    void aCallerWaitsNoLongerThanForAHypervisorThatIsAway() {
        hibernating();
        next(new LifeEvent.NotDestroyed(now, Reach.AWAY, "libvirtd is down"));
        request();
        tick(Duration.ofSeconds(10));
        assertThat(refusal()).hasValueSatisfying(fault -> assertThat(fault.kind()).isEqualTo(Kind.RETRYABLE_CONFLICT));
        assertThat(life).isInstanceOf(Hibernating.class);
    }

    @Test
    void aReturnThatFailsForGoodEndsTheSessionWithItsReason() {
        hibernated();
        request();
        next(new LifeEvent.WakeFailed(now, Reach.FINAL, "its file is damaged"));
        assertThat(((Ending) life).reason().code()).isEqualTo(EndCode.VM_DIED);
        assertThat(((Ending) life).reason().sentence()).contains("could not be resumed: its file is damaged");
        assertThat(refusal()).isPresent();
    }

    @Test
    void aReturnIsTriedAgainWhileTheHostCannot() {
        hibernated();
        request();
        next(new LifeEvent.WakeFailed(now, Reach.AWAY, "no room"));
        tick(Duration.ofMillis(500));
        assertThat(orders).containsExactly(new Order.Resume());
    }

    @Test
    void timeGoesOnOnTheDisk() {
        hibernated();
        tick(Duration.ofMinutes(13));
        assertThat(((Ending) life).reason().code()).isEqualTo(EndCode.IDLE_TIMEOUT);
        assertThat(orders).endsWith(new Order.Destroy());
    }

    @Test
    void howLongItIsThereIsWrittenDownEveryMinute() {
        hibernated();
        tick(Duration.ofSeconds(1));
        assertThat(orders).containsExactly(new Order.ReadMeter(Duration.ofMinutes(1)));
    }

    @Test
    void itsAgeCountsOnTheDiskToo() {
        life = new Hibernated(START, START.plus(Duration.ofHours(8)).minusSeconds(1));
        tick(Duration.ofHours(8));
        assertThat(((Ending) life).reason().code()).isEqualTo(EndCode.MAX_LIFETIME);
    }

    @Test
    void whoStopsItEndsItThere() {
        hibernated();
        next(new LifeEvent.End(now, EndReason.serverStopped()));
        assertThat(life).isInstanceOf(Ending.class);
        assertThat(life.status()).isEqualTo(Status.TERMINATED);
        assertThat(orders).endsWith(new Order.Destroy());
    }

    @Test
    void whoStopsItOnItsWayEndsItWhenItHasArrived() {
        hibernating();
        next(new LifeEvent.End(now, EndReason.serverStopped()));
        assertThat(life).isInstanceOf(Ending.class);
        next(new LifeEvent.Hibernated(now));
        assertThat(life).isInstanceOf(Ending.class);
        assertThat(orders).isEmpty();
    }

    @Test
    void itIsAgedByWorkAndNotByTheDisk() {
        hibernated();
        assertThat(life.lastActivityAt(now)).isEqualTo(START);
    }
}
