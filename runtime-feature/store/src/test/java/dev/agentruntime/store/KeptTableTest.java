package dev.agentruntime.store;

import static dev.agentruntime.store.Records.ALICE;
import static dev.agentruntime.store.Records.NOON;
import static dev.agentruntime.store.Records.begun;
import static dev.agentruntime.store.Records.closed;
import static dev.agentruntime.store.Records.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentruntime.api.SnapshotKey;
import dev.agentruntime.api.Tenant;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the ledger keeps of sessions that live, for the server's next run. */
final class KeptTableTest {

    private static final Kept.Agent PLAIN = new Kept.Agent("/invocations", false, Set.of(), Optional.empty(), Optional.empty());
    private static final Kept LITTLE = new Kept(ALICE.alone(), PLAIN, Optional.empty(), NOON, 0, 0, Optional.empty());
    private static final Kept MUCH = new Kept(new Tenant("https://idp", Tenant.Kind.NAMED, "red, and \"blue\""),
            new Kept.Agent("/a/b?c=d%20e", true, Set.of("x-one", "x-two"), Optional.of(Duration.ofMinutes(3)), Optional.of(Duration.ofHours(2))),
            Optional.of(Duration.ofNanos(7)), NOON.plusNanos(1_000), 123_456_789_012L, 99, Optional.of(new SnapshotKey("what opens it")));

    @OnEachDatabase
    void whatIsKeptIsReadAgain(TestDatabase database) {
        ledger(database).save(List.of(live("row-1").keeping(Optional.of(LITTLE)), live("row-2").keeping(Optional.of(MUCH))));
        assertThat(ledger(database).unfinished("server1")).extracting(SessionRecord::kept)
                .containsExactlyInAnyOrder(Optional.of(LITTLE), Optional.of(MUCH));
    }

    @OnEachDatabase
    void whatIsKeptIsReplacedByWhatIsKeptLater(TestDatabase database) {
        Ledger ledger = ledger(database);
        ledger.save(List.of(live("row-1").keeping(Optional.of(MUCH))));
        ledger.save(List.of(live("row-1").keeping(Optional.of(LITTLE)), live("row-1").keeping(Optional.of(LITTLE))));
        assertThat(ledger.unfinished("server1")).singleElement().satisfies(row -> assertThat(row.kept()).contains(LITTLE));
    }

    @OnEachDatabase
    void nothingIsKeptOfASessionThatDoesNotServeYet(TestDatabase database) throws SQLException {
        Ledger ledger = ledger(database);
        ledger.save(List.of(begun("row-1", "id-1", ALICE, NOON)));
        assertThat(ledger.unfinished("server1")).singleElement().satisfies(row -> assertThat(row.kept()).isEmpty());
        assertThat(database.select("SELECT row_id FROM agent_session_kept")).isEmpty();
    }

    @OnEachDatabase
    void nothingIsKeptOfASessionThatEnds(TestDatabase database) throws SQLException {
        Ledger ledger = ledger(database);
        ledger.save(List.of(live("row-1").keeping(Optional.of(MUCH)), live("row-2").keeping(Optional.of(MUCH)), live("row-3").keeping(Optional.of(MUCH))));
        SessionRecord live = live("row-2");
        ledger.save(List.of(closed("row-1"), new SessionRecord(live.rowId(), live.serverId(), live.view(), Optional.empty(), Optional.of("STOPPED"),
                Optional.empty())));
        assertThat(database.select("SELECT row_id FROM agent_session_kept")).containsExactly("row-3");
    }

    @OnEachDatabase
    void whoeverListsSessionsReadsNothingOfIt(TestDatabase database) {
        Ledger ledger = ledger(database);
        ledger.save(List.of(live("row-1").keeping(Optional.of(MUCH))));
        assertThat(ledger.latest("hello", "id-of-row-1")).hasValueSatisfying(row -> assertThat(row.kept()).isEmpty());
    }

    @OnEachDatabase
    void noTextThatATokenSendsMakesTheDatabaseRefuse(TestDatabase database) {
        String hostile = "x\u0000y\ud800'); DROP TABLE agent_session_kept; --" + "z".repeat(10_000);
        Ledger ledger = ledger(database);
        ledger.save(List.of(live("row-1").keeping(Optional.of(
                new Kept(new Tenant(hostile, Tenant.Kind.ALONE, hostile), PLAIN, Optional.empty(), NOON, 1, 0, Optional.empty())))));
        assertThat(ledger.unfinished("server1")).singleElement().satisfies(row ->
                assertThat(row.kept().orElseThrow().tenant().name()).contains("DROP TABLE").hasSizeLessThanOrEqualTo(8192));
    }

    @OnEachDatabase
    void whatOpensASessionOnTheDiskGoesWhenItIsThereNoMoreAndIsToldToNobody(TestDatabase database) throws SQLException {
        Ledger ledger = ledger(database);
        ledger.save(List.of(live("row-1").keeping(Optional.of(MUCH))));
        assertThat(ledger.unfinished("server1").toString()).doesNotContain("what opens it");
        ledger.save(List.of(live("row-1").keeping(Optional.of(LITTLE))));
        assertThat(database.select("SELECT row_id FROM agent_session_kept WHERE snapshot IS NOT NULL")).isEmpty();
    }

    private static SessionRecord live(String row) {
        return record(row, "id-of-" + row, ALICE, NOON, Optional.empty(), 5);
    }

    private static Ledger ledger(TestDatabase database) {
        return new JdbcLedger(new Database(database));
    }
}
