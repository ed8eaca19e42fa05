package dev.agentruntime.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.SessionView;
import dev.agentruntime.api.SessionView.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionQueryTest {

    private final List<SessionView> sessions = List.of(TestPlatform.session("b", "alice", Status.IDLE), TestPlatform.session("a", "Bob", Status.ACTIVE),
            TestPlatform.ended("c", "alice", "over"));

    private List<String> found(String address) {
        return SessionQuery.of(Fields.of(address)).sorted(sessions).stream().map(SessionView::sessionId).toList();
    }

    @Test
    void thoseThatLiveAreListedUnlessTheAddressSaysOtherwise() {
        assertThat(found("")).containsExactly("a", "b");
        assertThat(found("state=terminated")).containsExactly("c");
        assertThat(found("state=active")).containsExactly("a");
        assertThat(found("user=bo")).containsExactly("a");
        assertThat(found("user=ALICE")).containsExactly("b");
        assertThat(found("agent=hello&user=alice")).containsExactly("b");
        assertThat(found("agent=other")).isEmpty();
    }

    @Test
    void whatIsNoProperValueCountsAsNotThere() {
        assertThat(SessionQuery.of(Fields.of("state=dead&sort=random&page=-1"))).isEqualTo(SessionQuery.of(Fields.NONE));
        for (String page : List.of("0", "1001", "99999999999", "x", "1.5")) {
            assertThat(SessionQuery.of(Fields.of("page=" + page)).page()).isEqualTo(1);
        }
    }

    @Test
    void anAddressStandsForTheSameQueryOnAnotherPage() {
        SessionQuery query = SessionQuery.of(Fields.of("agent=a%26b&state=idle&user=x%20y&sort=memory&page=3"));
        assertThat(SessionQuery.of(Fields.of(query.address(3)))).isEqualTo(query);
        assertThat(SessionQuery.of(Fields.of(query.address(4))).page()).isEqualTo(4);
    }

    @Test
    void allOrdersHaveAnAddressAndATitle() {
        for (SessionQuery.Sort sort : SessionQuery.Sort.values()) {
            SessionQuery query = SessionQuery.of(Fields.of("sort=" + Words.of(sort)));
            assertThat(query.sort()).isEqualTo(sort);
            assertThat(sort.title()).isNotBlank();
            assertThat(query.sorted(sessions)).hasSize(2);
        }
    }
}
