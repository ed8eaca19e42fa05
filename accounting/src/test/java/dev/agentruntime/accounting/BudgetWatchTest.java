package dev.agentruntime.accounting;

import static dev.agentruntime.accounting.TestRequest.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.agentruntime.api.BudgetNews;
import dev.agentruntime.api.BudgetNews.Level;
import dev.agentruntime.api.BudgetNews.Measure;
import dev.agentruntime.api.BudgetNews.Per;
import dev.agentruntime.api.EndCode;
import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.MeterSource;
import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.api.Subject;
import dev.agentruntime.api.Target;
import dev.agentruntime.api.Usage;
import dev.agentruntime.spi.SessionFacts;
import dev.agentruntime.spi.SessionGuest;
import dev.agentruntime.spi.SessionPart;
import dev.agentruntime.spi.SessionUse;
import dev.agentruntime.store.UsageSum;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BudgetWatchTest {

    private static final Subject BOB = new Subject("https://idp", "bob");

    /** A clock that the test sets. */
    private static final class Wall extends Clock {
        private Instant now = Instant.parse("2026-01-01T12:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /** A session that uses what the test says. */
    private final class Session implements SessionGuest {
        private final SessionPart part;
        private final List<String> ends = new ArrayList<>();
        private final List<BudgetNews> news = new ArrayList<>();
        private Duration cpu = Duration.ZERO;
        private Duration age = Duration.ZERO;
        private Optional<SessionUse> last = Optional.empty();
        private long memory;
        private int looks;

        Session(String runtime, Subject owner, String id) {
            part = watch.join(new SessionFacts(id, runtime, "v", owner, owner.alone(), Instant.EPOCH));
            part.onBudget(news::add);
        }

        Session begun() {
            part.begun(this);
            watch.round();
            return this;
        }

        Session adopted(Duration used) {
            cpu = used;
            part.resumed(this);
            watch.round();
            return this;
        }

        @Override
        public SessionUse use() {
            looks++;
            return new SessionUse(new Usage(cpu.toNanos(), BigDecimal.ZERO, memory, 1, MeterSource.CGROUP), memory, age);
        }

        @Override
        public SessionUse lastUse() {
            return last.orElseGet(this::use);
        }

        /** Of which the ledger has so much, and that it has lasted for so long. */
        Session inLedger(Duration cpuThen, Duration ageThen) {
            last = Optional.of(new SessionUse(new Usage(cpuThen.toNanos(), BigDecimal.ZERO, memory, 1, MeterSource.CGROUP), memory, ageThen));
            return this;
        }

        @Override
        public void endForBudget(String why) {
            ends.add(why);
        }

        void end() {
            part.ending(EndCode.BUDGET, "It is over.");
            part.close();
        }

        @Override
        public GuestStream connect(Target target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isPaused() {
            return false;
        }

        @Override
        public List<String> logTail(int lines) {
            return List.of();
        }
    }

    private final Wall wall = new Wall();
    private final List<LocalDate> askedFor = new ArrayList<>();
    private Optional<List<UsageSum>> before = Optional.of(List.of());
    private AccountingSettings settings = settings();
    private Optional<List<UsageSum>> others = Optional.of(List.of());
    private int othersAskedFor;
    private final BudgetWatch watch = new BudgetWatch(() -> settings, day -> {
        askedFor.add(day);
        return before;
    }, day -> {
        othersAskedFor++;
        return others;
    }, wall);

    private static AccountingSettings settings(Budget... budgets) {
        return new AccountingSettings(Optional.of(new Prices(new BigDecimal("3600"), BigDecimal.ZERO, "EUR")), Duration.ZERO, List.of(budgets), List.of());
    }

    private static Budget cpu(Per per, int seconds) {
        return new Budget(per, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(Duration.ofSeconds(seconds)), Optional.empty(),
                Optional.empty(), Optional.empty());
    }

    private static Budget memory(Per per, long bytes) {
        return new Budget(per, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(bytes), Optional.empty());
    }

    private Session session(String runtime, Subject owner, String id) {
        return new Session(runtime, owner, id).begun();
    }

    private RequestException refusal(String runtime, Subject owner) {
        return catchThrowableOfType(RequestException.class, () -> watch.admit(runtime, Optional.of(owner)));
    }

    @Test
    void aSessionThatHasUsedItsCpuIsEndedAndToldOf() {
        settings = settings(cpu(Per.SESSION, 10));
        Session session = session("hello", ALICE, "s-1");
        Session other = session("hello", ALICE, "s-2");
        session.cpu = Duration.ofSeconds(9);
        watch.round();
        assertThat(session.ends).isEmpty();
        assertThat(session.news).singleElement().satisfies(news -> {
            assertThat(news.per()).isEqualTo(Per.SESSION);
            assertThat(news.measure()).isEqualTo(Measure.CPU);
            assertThat(news.level()).isEqualTo(Level.WARNED);
            assertThat(news.text()).isEqualTo("Session hello/s-1 may use 10s of CPU and has used 9s of CPU, most of its budget.");
        });
        session.cpu = Duration.ofSeconds(10);
        watch.round();
        watch.round();
        assertThat(session.ends).containsExactly("Session hello/s-1 may use 10s of CPU and has used 10s of CPU: its budget is reached.");
        assertThat(session.news).extracting(BudgetNews::level).containsExactly(Level.WARNED, Level.REACHED);
        assertThat(other.ends).isEmpty();
        assertThatCode(() -> watch.admit("hello", Optional.of(ALICE))).doesNotThrowAnyException();
    }

    @Test
    void whatTheSessionsOfAnAgentUseOnADayCountsTogether() {
        settings = settings(cpu(Per.AGENT, 10));
        Session one = session("hello", ALICE, "s-1");
        Session two = session("hello", BOB, "s-2");
        Session other = session("other", ALICE, "s-3");
        one.cpu = Duration.ofSeconds(6);
        two.cpu = Duration.ofSeconds(3);
        other.cpu = Duration.ofSeconds(7);
        watch.round();
        assertThat(one.ends).isEmpty();
        assertThat(one.news.size() + two.news.size()).isEqualTo(1);
        two.cpu = Duration.ofSeconds(4);
        watch.round();
        assertThat(List.of(one, two)).allSatisfy(session -> assertThat(session.ends).hasSize(1));
        assertThat(other.ends).isEmpty();
        assertThat(refusal("hello", ALICE)).hasMessageContaining("Agent runtime hello may use 10s of CPU a day").hasMessageContaining("00:00 UTC")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.QUOTA));
        assertThatCode(() -> watch.admit("other", Optional.of(ALICE))).doesNotThrowAnyException();
        one.end();
        two.end();
        watch.round();
        assertThat(refusal("hello", BOB).kind()).as("what was used stays used").isEqualTo(Kind.QUOTA);
    }

    @Test
    void whatACallersSessionsCostOnADayCountsTogetherUntilMidnight() {
        settings = settings(new Budget(Per.SUBJECT, Optional.empty(), Optional.of("alice"), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.of(BigDecimal.TEN)));
        Session alices = session("hello", ALICE, "s-1");
        Session bobs = session("hello", BOB, "s-2");
        alices.cpu = Duration.ofSeconds(10);
        bobs.cpu = Duration.ofSeconds(50);
        watch.round();
        assertThat(alices.ends).singleElement().asString().contains("Caller alice of https://idp may use 10 EUR a day and has used 10 EUR");
        assertThat(bobs.ends).isEmpty();
        assertThat(refusal("other", ALICE)).hasMessageStartingWith("You may use 10 EUR a day").satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.QUOTA));
        assertThatCode(() -> watch.admit("hello", Optional.of(BOB))).doesNotThrowAnyException();
        assertThatCode(() -> watch.admit("hello", Optional.empty())).as("who is not known yet is asked for again").doesNotThrowAnyException();
        alices.end();
        wall.now = Instant.parse("2026-01-02T00:00:00Z");
        assertThatCode(() -> watch.admit("hello", Optional.of(ALICE))).doesNotThrowAnyException();
        watch.round();
        assertThatCode(() -> watch.admit("hello", Optional.of(ALICE))).doesNotThrowAnyException();
    }

    @Test
    void aSessionThatLivesOverMidnightCountsForTheNewDayWithWhatItUsesThen() {
        settings = settings(cpu(Per.AGENT, 10));
        Session session = session("hello", ALICE, "s-1");
        session.cpu = Duration.ofSeconds(9);
        watch.round();
        wall.now = Instant.parse("2026-01-02T00:00:01Z");
        watch.round();
        session.cpu = Duration.ofSeconds(18);
        watch.round();
        assertThat(session.ends).isEmpty();
        assertThat(session.news).as("once a day").extracting(BudgetNews::level).containsExactly(Level.WARNED, Level.WARNED);
        session.cpu = Duration.ofSeconds(19);
        watch.round();
        assertThat(session.ends).hasSize(1);
    }

    @Test
    void aSessionThatWasAdoptedAddsToTheDayWhatItUsesFromThenOnAndHasItsOwnBudgetStill() {
        settings = settings(cpu(Per.AGENT, 10));
        session("hello", BOB, "s-1");
        Session adopted = new Session("hello", ALICE, "s-2").adopted(Duration.ofSeconds(9));
        adopted.cpu = Duration.ofSeconds(16);
        watch.round();
        assertThat(adopted.ends).isEmpty();
        settings = settings(cpu(Per.SESSION, 15));
        watch.round();
        assertThat(adopted.ends).hasSize(1);
    }

    private static Budget wall(Per per, Duration most) {
        return new Budget(per, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(most), Optional.empty(), Optional.empty());
    }

    private static UsageSum lasted(Duration cpu, Duration wall) {
        return new UsageSum(Optional.empty(), Optional.of("hello"), Optional.empty(), Optional.empty(), 1, cpu.toNanos(), 0, 0, BigDecimal.ZERO, 0, 1, wall);
    }

    /** It slept, and the server was away, for 15 minutes of which the ledger has nothing. */
    @Test
    void whatASessionHasUsedWhileTheServerWasAwayCountsOnTheDayOnWhichItIsTakenUp() {
        settings = settings(wall(Per.AGENT, Duration.ofHours(1)), cpu(Per.AGENT, 10));
        before = Optional.of(List.of(lasted(Duration.ofSeconds(5), Duration.ofMinutes(30))));
        watch.round();
        Session slept = new Session("hello", ALICE, "s-1").inLedger(Duration.ofSeconds(5), Duration.ofMinutes(30));
        slept.age = Duration.ofMinutes(45);
        slept.adopted(Duration.ofSeconds(6));
        assertThat(slept.news).isEmpty();
        slept.age = Duration.ofMinutes(59);
        watch.round();
        assertThat(slept.news).extracting(BudgetNews::measure, BudgetNews::level).containsExactly(tuple(Measure.WALL_TIME, Level.WARNED));
        slept.age = Duration.ofMinutes(60);
        watch.round();
        assertThat(slept.ends).singleElement().asString().contains("1h of time");
    }

    @Test
    void itCountsOnceWhetherTheLedgerIsReadBeforeItIsTakenUpOrAfterwards() {
        settings = settings(wall(Per.AGENT, Duration.ofHours(1)), cpu(Per.AGENT, 10));
        before = Optional.empty();
        Session slept = new Session("hello", ALICE, "s-1").inLedger(Duration.ofSeconds(5), Duration.ofMinutes(30));
        slept.age = Duration.ofMinutes(45);
        slept.adopted(Duration.ofSeconds(9));
        slept.inLedger(Duration.ofSeconds(9), Duration.ofMinutes(45));
        before = Optional.of(List.of(lasted(Duration.ofSeconds(9), Duration.ofMinutes(45))));
        slept.age = Duration.ofMinutes(59);
        watch.round();
        assertThat(slept.ends).isEmpty();
        slept.age = Duration.ofMinutes(60);
        watch.round();
        assertThat(slept.ends).hasSize(1);
    }

    @Test
    void ofTheTimeThatItSleptOnlyTodaysCounts() {
        settings = settings(wall(Per.AGENT, Duration.ofHours(13)));
        watch.round();
        Session slept = new Session("hello", ALICE, "s-1").inLedger(Duration.ZERO, Duration.ofMinutes(30));
        slept.age = Duration.ofDays(3);
        slept.adopted(Duration.ZERO);
        assertThat(slept.ends).as("12 hours of today").isEmpty();
        slept.age = Duration.ofDays(3).plusHours(1);
        watch.round();
        assertThat(slept.ends).hasSize(1);
    }

    @Test
    void sessionsThatAreOverBeforeTheyAreLookedAtCount() {
        settings = settings(cpu(Per.SUBJECT, 10));
        watch.round();
        for (int i = 0; i < 10; i++) {
            Session brief = session("hello", ALICE, "s-" + i);
            brief.cpu = Duration.ofSeconds(1);
            brief.end();
        }
        assertThat(refusal("hello", ALICE)).hasMessageContaining("10s of CPU are used").satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.QUOTA));
    }

    @Test
    void aReadingThatFallsBackCountsNothingTwice() {
        settings = settings(cpu(Per.AGENT, 10));
        Session session = session("hello", ALICE, "s-1");
        for (int i = 0; i < 5; i++) {
            session.cpu = Duration.ofSeconds(6);
            watch.round();
            session.cpu = Duration.ofSeconds(2); // what was read last, as now nothing can be read
            watch.round();
        }
        assertThat(session.ends).isEmpty();
        session.cpu = Duration.ofSeconds(10);
        watch.round();
        assertThat(session.ends).hasSize(1);
    }

    @Test
    void aDayThatComesAgainAsTheClockIsSetBackHasWhatTheLedgerHasOfIt() {
        settings = settings(cpu(Per.AGENT, 10));
        Session session = session("hello", ALICE, "s-1");
        session.cpu = Duration.ofSeconds(9);
        watch.round();
        wall.now = Instant.parse("2026-01-02T12:00:00Z");
        watch.round();
        before = Optional.of(List.of(new UsageSum(Optional.empty(), Optional.of("hello"), Optional.empty(), Optional.empty(), 1,
                Duration.ofSeconds(9).toNanos(), 0, 0, BigDecimal.ZERO, 0, 1, Duration.ZERO)));
        wall.now = Instant.parse("2026-01-01T12:00:10Z");
        watch.round();
        session.cpu = Duration.ofSeconds(10);
        watch.round();
        assertThat(session.ends).hasSize(1);
        assertThat(askedFor).containsExactly(LocalDate.parse("2026-01-01"), LocalDate.parse("2026-01-01"));
    }

    @Test
    void whatWasUsedEarlierThatDayCounts() {
        settings = settings(cpu(Per.AGENT, 10));
        before = Optional.empty();
        Session session = session("hello", ALICE, "s-1");
        session.cpu = Duration.ofSeconds(3);
        watch.round();
        assertThat(session.ends).isEmpty();
        before = Optional.of(List.of(new UsageSum(Optional.empty(), Optional.of("hello"), Optional.empty(), Optional.empty(), 1,
                Duration.ofSeconds(8).toNanos(), 0, 0, BigDecimal.ZERO, 0, 1, Duration.ZERO)));
        watch.round();
        assertThat(session.ends).as("what the ledger has, has what this session has used so far").isEmpty();
        session.cpu = Duration.ofSeconds(5);
        watch.round();
        assertThat(session.ends).hasSize(1);
        assertThat(askedFor).containsOnly(LocalDate.parse("2026-01-01"));
        int asked = askedFor.size();
        watch.round();
        assertThat(askedFor).hasSize(asked);
    }

    private static UsageSum used(String runtime, Duration cpu) {
        return new UsageSum(Optional.empty(), Optional.of(runtime), Optional.empty(), Optional.empty(), 1, cpu.toNanos(), 0, 0, BigDecimal.ZERO, 0, 1,
                Duration.ZERO);
    }

    private void nextReading() {
        wall.now = wall.now.plusSeconds(10);
        watch.round();
    }

    @Test
    void whatSessionsOfOtherServersOnTheDatabaseUseCountsToo() {
        settings = settings(cpu(Per.AGENT, 10));
        others = Optional.of(List.of(used("hello", Duration.ofSeconds(4)), used("other", Duration.ofSeconds(60))));
        Session session = session("hello", ALICE, "s-1");
        session.cpu = Duration.ofSeconds(5);
        watch.round();
        assertThat(session.ends).isEmpty();
        assertThat(session.news).extracting(BudgetNews::level).containsExactly(Level.WARNED);
        others = Optional.of(List.of(used("hello", Duration.ofSeconds(5))));
        nextReading();
        assertThat(session.ends).singleElement().asString().contains("has used 10s of CPU");
        assertThat(refusal("hello", ALICE).kind()).isEqualTo(Kind.QUOTA);
        assertThatCode(() -> watch.admit("other", Optional.of(ALICE))).as("it has its own, which was not read again").doesNotThrowAnyException();
    }

    @Test
    void othersAreReadEveryTenSecondsAndWhatWasReadLastCountsWhileTheLedgerDoesNotAnswer() {
        settings = settings(cpu(Per.AGENT, 10));
        others = Optional.of(List.of(used("hello", Duration.ofSeconds(9))));
        Session session = session("hello", ALICE, "s-1");
        for (int round = 0; round < 8; round++) {
            watch.round();
        }
        assertThat(othersAskedFor).isEqualTo(1);
        others = Optional.empty();
        nextReading();
        watch.round();
        assertThat(othersAskedFor).as("until it answers").isEqualTo(3);
        session.cpu = Duration.ofSeconds(1);
        watch.round();
        assertThat(session.ends).hasSize(1);
    }

    @Test
    void aClockThatIsSetBackKeepsNobodyFromReadingOthers() {
        settings = settings(cpu(Per.AGENT, 10));
        session("hello", ALICE, "s-1");
        wall.now = wall.now.minusSeconds(3600);
        watch.round();
        assertThat(othersAskedFor).isEqualTo(2);
    }

    @Test
    void ofABudgetOfOneSessionOtherServersKnowNothing() {
        settings = settings(cpu(Per.SESSION, 10));
        others = Optional.of(List.of(used("hello", Duration.ofSeconds(60))));
        Session session = session("hello", ALICE, "s-1");
        nextReading();
        assertThat(othersAskedFor).isZero();
        assertThat(session.ends).isEmpty();
    }

    @Test
    void theNextDayOthersBeginAnewToo() {
        settings = settings(cpu(Per.AGENT, 10));
        others = Optional.of(List.of(used("hello", Duration.ofSeconds(60))));
        session("hello", ALICE, "s-1");
        assertThat(refusal("hello", ALICE).kind()).isEqualTo(Kind.QUOTA);
        others = Optional.of(List.of());
        wall.now = Instant.parse("2026-01-02T00:00:01Z");
        watch.round();
        assertThatCode(() -> watch.admit("hello", Optional.of(ALICE))).doesNotThrowAnyException();
    }

    @Test
    void whereMemoryIsHeldTooMuchOfTheLargestSessionEndsAndNoneBegins() {
        settings = settings(memory(Per.AGENT, 100 << 20));
        Session small = session("hello", ALICE, "s-1");
        Session large = session("hello", BOB, "s-2");
        small.memory = 40 << 20;
        large.memory = 61 << 20;
        watch.round();
        assertThat(small.ends).isEmpty();
        assertThat(large.ends).singleElement().asString().contains("may use 100m of memory at the same time and has used 101m");
        assertThat(refusal("hello", ALICE)).satisfies(e -> {
            assertThat(e.kind()).isEqualTo(Kind.THROTTLED);
            assertThat(e.retryAfter()).isPresent();
        });
        large.end();
        watch.round();
        assertThatCode(() -> watch.admit("hello", Optional.of(ALICE))).doesNotThrowAnyException();
        small.memory = 80 << 20;
        watch.round();
        assertThat(refusal("hello", ALICE)).as("there is hardly any left").hasMessageContaining("may hold 100m of memory").hasMessageContaining("80m of memory are held");
        assertThat(small.ends).isEmpty();
    }

    @Test
    void howLongSessionsAreThereCountsTogether() {
        settings = settings(new Budget(Per.SUBJECT, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.of(Duration.ofMinutes(10)), Optional.empty(), Optional.empty()));
        Session one = session("hello", ALICE, "s-1");
        Session two = session("hello", ALICE, "s-2");
        one.age = Duration.ofMinutes(6);
        two.age = Duration.ofMinutes(3);
        watch.round();
        assertThat(one.ends).isEmpty();
        Session three = new Session("hello", ALICE, "s-3");
        three.age = Duration.ofMinutes(1);
        three.begun();
        assertThat(one.ends).singleElement().asString().contains("may use 10m of time a day and has used 10m of time");
        assertThat(refusal("hello", ALICE).kind()).isEqualTo(Kind.QUOTA);
    }

    @Test
    void aBudgetThatIsRaisedLetsSessionsBeginAtOnceAndOneThatIsAddedHoldsAtOnce() {
        settings = settings(cpu(Per.AGENT, 10));
        Session session = session("hello", ALICE, "s-1");
        session.cpu = Duration.ofSeconds(10);
        watch.round();
        assertThat(refusal("hello", ALICE)).isNotNull();
        settings = settings(cpu(Per.AGENT, 20));
        assertThatCode(() -> watch.admit("hello", Optional.of(ALICE))).doesNotThrowAnyException();
        settings = settings(cpu(Per.SESSION, 5));
        Session other = session("hello", BOB, "s-2");
        other.cpu = Duration.ofSeconds(6);
        watch.round();
        assertThat(other.ends).hasSize(1);
    }

    @Test
    void whereThereAreNoBudgetsNobodyLooks() {
        Session session = session("hello", ALICE, "s-1");
        session.cpu = Duration.ofDays(1);
        watch.round();
        assertThat(askedFor).isEmpty();
        assertThat(session.ends).isEmpty();
    }

    @Test
    void aSessionWhoseVmIsBeingStartedIsLeftAlone() {
        settings = settings(cpu(Per.SESSION, 10));
        SessionPart starting = watch.join(new SessionFacts("s-1", "hello", "v", ALICE, ALICE.alone(), Instant.EPOCH));
        watch.round();
        starting.close();
        watch.round();
        assertThat(starting.takesStreams()).isFalse();
    }

    @Test
    void aNameThatTriesToForgeALineStaysOnOne() {
        settings = settings(cpu(Per.SUBJECT, 10));
        Session session = session("hello", new Subject("https://idp", "eve\r\nAGRT0000I forged"), "s-1");
        session.cpu = Duration.ofSeconds(11);
        watch.round();
        assertThat(session.ends).singleElement().asString().doesNotContain("\n", "\r");
    }

    @Test
    void aBudgetOfMemoryLetsNoneBeginFromTheMomentItIsThere() {
        Session session = session("hello", ALICE, "s-1");
        session.memory = 90 << 20;
        settings = settings(memory(Per.SUBJECT, 100 << 20));
        assertThat(refusal("hello", ALICE)).as("no round has passed").hasMessageContaining("90m of memory are held");
        watch.round();
        assertThat(session.ends).isEmpty();
    }

    @Test
    void aBudgetThatCannotBeUsedLetsNobodyBeginWhomItMayHaveBeenMeantFor() {
        settings = new AccountingSettings(Optional.empty(), Duration.ZERO, List.of(),
                List.of(new UnusableBudget(Optional.of("hello"), Optional.of("alice"), Optional.empty(), "The attribute cpu of <budget> is 'x'.")));
        assertThat(refusal("hello", ALICE)).hasMessageContaining("server.xml is corrected").hasMessageContaining("The attribute cpu of <budget> is 'x'.")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.PLATFORM));
        assertThatCode(() -> watch.admit("other", Optional.of(ALICE))).doesNotThrowAnyException();
        assertThatCode(() -> watch.admit("hello", Optional.of(BOB))).doesNotThrowAnyException();
        assertThatCode(() -> watch.admit("hello", Optional.empty())).as("who is not known yet is asked for again").doesNotThrowAnyException();
    }

    @Test
    void sessionsWithoutABudgetAreNotLookedAtFourTimesASecond() {
        settings = settings(new Budget(Per.SUBJECT, Optional.empty(), Optional.of("alice"), Optional.empty(), Optional.of(Duration.ofSeconds(10)), Optional.empty(),
                Optional.empty(), Optional.empty()));
        Session alices = session("hello", ALICE, "s-1");
        Session bobs = session("hello", BOB, "s-2");
        int before = bobs.looks;
        int alicesBefore = alices.looks;
        for (int i = 0; i < 10; i++) {
            watch.round();
        }
        assertThat(alices.looks - alicesBefore).isEqualTo(10);
        assertThat(bobs.looks).isEqualTo(before);
        bobs.cpu = Duration.ofSeconds(9);
        settings = settings(cpu(Per.AGENT, 10));
        assertThat(refusal("hello", ALICE)).as("nine of ten seconds, and no round yet").isNull();
        alices.cpu = Duration.ofSeconds(2);
        watch.round();
        assertThat(bobs.ends).as("what it used without a budget counts").hasSize(1);
    }

    @Test
    void whileTheLedgerDoesNotAnswerNoneBeginsOnceWhatWasUsedSinceReachesABudget() {
        before = Optional.empty();
        settings = settings(cpu(Per.AGENT, 10));
        Session session = session("hello", ALICE, "s-1");
        session.cpu = Duration.ofSeconds(11);
        watch.round();
        assertThat(session.ends).hasSize(1);
        assertThat(refusal("hello", ALICE)).hasMessageContaining("11s of CPU are used");
    }
}
