package dev.agentruntime.store;

import static dev.agentruntime.store.Records.ALICE;
import static dev.agentruntime.store.Records.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class BacklogTest {

    private record Live(String rowId, AtomicReference<SessionRecord> state) implements Account {

        static Live of(String row) {
            return new Live(row, new AtomicReference<>(Records.begun(row, "id-" + row, ALICE, NOON)));
        }

        @Override
        public SessionRecord record() {
            return state.get();
        }

        void end() {
            state.set(Records.closed(rowId));
        }
    }

    private final Backlog backlog = new Backlog(3);

    @Test
    void anAccountThatIsMarkedTwiceIsWrittenOnce() {
        Live live = Live.of("a");
        backlog.mark(live);
        backlog.mark(live);
        assertThat(rows(backlog.next(backlog.latestMark(), 10))).containsExactly("a");
    }

    @Test
    void whatWasMarkedAnewWhileItWasWrittenStays() {
        Live live = Live.of("a");
        backlog.mark(live);
        Backlog.Item item = backlog.next(backlog.latestMark(), 10).get(0);
        backlog.mark(live);
        backlog.remove(item);
        assertThat(backlog.isEmpty()).isFalse();
        backlog.remove(backlog.next(backlog.latestMark(), 10).get(0));
        assertThat(backlog.isEmpty()).isTrue();
    }

    @Test
    void thoseMarkedLaterComeInTheNextRound() {
        backlog.mark(Live.of("a"));
        long upTo = backlog.latestMark();
        backlog.mark(Live.of("b"));
        assertThat(rows(backlog.next(upTo, 10))).containsExactly("a");
    }

    @Test
    void thoseThatHaveEndedComeFirstAndNoMoreThanAskedFor() {
        backlog.mark(Live.of("a"));
        backlog.mark(Live.of("b"));
        Live ended = Live.of("c");
        ended.end();
        backlog.mark(ended);
        assertThat(rows(backlog.next(backlog.latestMark(), 2))).containsExactly("c", "a");
    }

    @Test
    void anEndedSessionIsKeptAsItsRecordAlone() {
        Live live = Live.of("a");
        live.end();
        backlog.mark(live);
        assertThat(backlog.all()).singleElement().isNotSameAs(live).satisfies(kept ->
                assertThat(kept.record()).isEqualTo(live.record()));
    }

    @Test
    void thoseThatEndedSinceTheyWereMarkedAreSettled() {
        Live live = Live.of("a");
        Live other = Live.of("b");
        backlog.mark(live);
        backlog.mark(other);
        live.end();
        assertThat(backlog.settle()).isEmpty();
        assertThat(backlog.all()).doesNotContain(live).contains(other);
    }

    @Test
    void beyondTheBoundTheOldestEndedMakesRoomAndNoLiveOne() {
        Live live = Live.of("live");
        backlog.mark(live);
        for (String row : List.of("a", "b", "c")) {
            assertThat(backlog.mark(ended(row))).isEmpty();
        }
        assertThat(backlog.mark(ended("d"))).map(SessionRecord::rowId).contains("a");
        assertThat(backlog.mark(ended("b"))).as("one that is there already").isEmpty();
        assertThat(backlog.all()).extracting(Account::rowId).containsExactly("c", "d", "b", "live");
    }

    @Test
    void aPostponedOneComesAfterAllOthers() {
        backlog.mark(ended("a"));
        backlog.mark(ended("b"));
        backlog.postpone(backlog.next(backlog.latestMark(), 1).get(0));
        assertThat(rows(backlog.next(backlog.latestMark(), 10))).containsExactly("b", "a");
    }

    private static Live ended(String row) {
        Live live = Live.of(row);
        live.end();
        return live;
    }

    private static List<String> rows(List<Backlog.Item> items) {
        return items.stream().map(item -> item.account().rowId()).toList();
    }
}
