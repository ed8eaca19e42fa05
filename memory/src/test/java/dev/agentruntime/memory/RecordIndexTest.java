package dev.agentruntime.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentruntime.store.Database;
import dev.agentruntime.store.TestDatabase;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The index beside the database: it may lag behind, be lost or be of another one. */
class RecordIndexTest {

    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    private static final RecordTable.Wanted ALL = new RecordTable.Wanted("m", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    @TempDir
    private Path folder;
    private TestDatabase database;
    private MemoryStore store;
    private IndexKeeper keeper;

    @BeforeEach
    void begin() throws Exception {
        database = MemoryTestBase.database();
        store = new MemoryStore(new Database(database));
        keeper = keeper();
    }

    private IndexKeeper keeper() {
        return new IndexKeeper(store, folder.resolve("index"));
    }

    @AfterEach
    void end() throws Exception {
        keeper.close();
        database.close();
    }

    private RecordRow row(String id, String text) {
        return new RecordRow("m", id, "", "", "/a/", RecordRow.State.ACTIVE, text, JsonValue.EMPTY_JSON_OBJECT, "", "", NOW, 0);
    }

    private void keep(String id, String text) {
        store.run(transaction -> {
            RecordTable table = new RecordTable(transaction);
            table.insert(row(id, text).inRevision(table.nextRevision(1)), NOW);
            return id;
        });
    }

    private void remove(String id) {
        store.run(transaction -> {
            RecordTable table = new RecordTable(transaction);
            table.delete("m", id, table.nextRevision(1), NOW);
            return id;
        });
    }

    private List<String> found(String question) {
        return keeper.search(ALL, question, 100).stream().map(RecordIndex.Hit::id).toList();
    }

    private void restart() {
        keeper.close();
        keeper = keeper();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void whatIsInTheDatabaseIsFoundAtOnceWhoeverWroteIt() {
        keep("1", "tea");
        assertThat(found("tea")).containsExactly("1");
        keep("2", "green tea");
        remove("1");
        assertThat(found("tea")).containsExactly("2");
    }

    @Test
    void nothingIsOpenedWhileThereIsNothingToFind() {
        keeper.tick();
        assertThat(folder.resolve("index")).doesNotExist();
    }

    @Test
    void aServerThatEndedWithoutAWordFindsWhatItHadNotWritten() {
        keep("1", "tea");
        keeper.tick();
        keep("2", "tea");
        assertThat(found("tea")).containsExactly("2", "1");
        restart();
        assertThat(found("tea")).containsExactly("2", "1");
    }

    @Test
    void anIndexThatIsDeletedIsMadeAnewWithTheSameAnswers() throws Exception {
        for (int i = 0; i < 40; i++) {
            keep("" + i, i % 3 == 0 ? "green tea and cake " + i : "tea " + "water ".repeat(i % 5) + i);
            keeper.tick();
        }
        remove("7");
        for (int second = 0; second <= IndexKeeper.QUIET; second++) {
            keeper.tick();
        }
        List<RecordIndex.Hit> before = keeper.search(ALL, "green tea with water", 100);
        assertThat(before).hasSize(39);
        keeper.close();
        delete(folder.resolve("index"));
        keeper = keeper();
        assertThat(keeper.search(ALL, "green tea with water", 100)).isEqualTo(before);
    }

    @Test
    void moreThanOneRoundOfChangesIsTaken() {
        store.run(transaction -> {
            RecordTable table = new RecordTable(transaction);
            long first = table.nextRevision(1_100);
            for (int i = 0; i < 1_100; i++) {
                table.insert(row("" + i, "tea").inRevision(first + i), NOW);
            }
            return first;
        });
        assertThat(keeper.search(ALL, "tea", 2_000)).hasSize(1_100);
        store.run(transaction -> new RecordTable(transaction).deleteSome("m", Optional.empty(), 1_050, NOW));
        assertThat(keeper.search(ALL, "tea", 2_000)).hasSize(50);
    }

    @Test
    void anIndexOfAnotherDatabaseIsMadeAnew() throws Exception {
        keep("1", "tea");
        keep("2", "tea");
        keeper.tick();
        keeper.close();
        database.close();
        database = MemoryTestBase.database();
        store = new MemoryStore(new Database(database));
        keep("3", "tea");
        keeper = keeper();
        assertThat(found("tea")).containsExactly("3");
    }

    @Test
    void aDatabaseThatWasPutBackIsWhatCounts() throws Exception {
        keep("1", "tea");
        keep("2", "tea");
        keeper.tick();
        database.execute("DELETE FROM memory_record WHERE record_id = '2'", "UPDATE memory_revision SET revision = 1");
        assertThat(found("tea")).containsExactly("1");
    }

    @Test
    void aBrokenIndexIsMadeAnew() throws Exception {
        keep("1", "tea");
        keeper.tick();
        keeper.close();
        try (Stream<Path> files = Files.list(folder.resolve("index"))) {
            for (Path file : files.filter(one -> one.getFileName().toString().startsWith("segments")).toList()) {
                Files.writeString(file, "no index");
            }
        }
        keeper = keeper();
        assertThat(found("tea")).containsExactly("1");
    }

    @Test
    void anIndexThatAnotherHasOpenIsLeftAlone() {
        keep("1", "tea");
        found("tea");
        try (IndexKeeper other = keeper()) {
            assertThatThrownBy(() -> other.search(ALL, "tea", 10)).isInstanceOf(MemoryException.class).hasMessageContaining("index");
        }
        assertThat(found("tea")).containsExactly("1");
    }

    @Test
    void whatWasReplacedIsFoundNoMore() {
        keep("1", "tea");
        assertThat(found("tea")).hasSize(1);
        store.run(transaction -> {
            RecordTable table = new RecordTable(transaction);
            RecordRow old = table.find("m", "1").orElseThrow();
            table.update(new RecordRow(old.memory(), old.id(), "", "", old.namespace(), RecordRow.State.SUPERSEDED, old.content(), old.metadata(), "", "", NOW, table.nextRevision(1)), NOW);
            return old;
        });
        assertThat(found("tea")).isEmpty();
        Optional<RecordRow> kept = store.run(transaction -> new RecordTable(transaction).find("m", "1"));
        assertThat(kept).isPresent();
    }

    @Test
    void anIndexThatIsDeletedWhileItIsInUseIsMadeAnew() throws Exception {
        keep("1", "tea");
        keeper.tick();
        delete(folder.resolve("index"));
        keep("2", "green tea");
        keeper.tick();
        assertThat(found("tea")).containsExactlyInAnyOrder("1", "2");
        restart();
        assertThat(found("tea")).as("it is on the disk again").containsExactlyInAnyOrder("1", "2");
        assertThat(folder.resolve("index")).isNotEmptyDirectory();
    }

    @Test
    void anIndexThatHeardOfARemovalTooLateHasNothingOfWhatWasRemoved() {
        keep("1", "tea");
        keep("2", "tea");
        keeper.tick();
        keeper.close();
        remove("1");
        keep("3", "tea");
        store.run(transaction -> {
            new RecordTable(transaction).forgetGone(NOW.plusSeconds(1));
            return transaction;
        });
        List<RecordTable.Gone> told = store.run(transaction -> new RecordTable(transaction).goneAfter(0, 10));
        assertThat(told).isEmpty();
        keeper = keeper();
        assertThat(found("tea")).containsExactly("3", "2");
        restart();
        assertThat(found("tea")).containsExactly("3", "2");
    }

    @Test
    void removalsThatAreNotLongAgoAreNotForgotten() {
        keep("1", "tea");
        remove("1");
        store.run(transaction -> {
            new RecordTable(transaction).forgetGone(NOW);
            return transaction;
        });
        List<RecordTable.Gone> told = store.run(transaction -> new RecordTable(transaction).goneAfter(0, 10));
        assertThat(told).containsExactly(new RecordTable.Gone("m", "1", 2));
        long forgotten = store.run(transaction -> new RecordTable(transaction).forgotten());
        assertThat(forgotten).isZero();
    }

    @Test
    void anIndexThatWasClosedIsNotOpenedAgain() {
        keep("1", "tea");
        keeper.close();
        assertThatThrownBy(() -> found("tea")).isInstanceOf(MemoryException.class);
        assertThatThrownBy(() -> keeper.tick()).isInstanceOf(MemoryException.class);
        assertThat(folder.resolve("index")).doesNotExist();
    }

    private boolean isOnTheDisk(String word) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("index"))) {
            for (Path file : files.toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(word)) {
                    return true;
                }
            }
            return false;
        }
    }

    @Test
    void whatWasRemovedIsNotOnTheDiskEither() throws Exception {
        keep("1", "a xylophonist");
        keep("2", "tea");
        keeper.tick();
        assertThat(isOnTheDisk("xylophonist")).isTrue();
        remove("1");
        for (int second = 0; second <= IndexKeeper.QUIET; second++) {
            keeper.tick();
        }
        assertThat(isOnTheDisk("xylophonist")).isFalse();
        restart();
        assertThat(found("xylophonist tea")).containsExactly("2");
    }

    @Test
    void whatWasRemovedGoesFromTheDiskThoughRecordsAreChangedAllTheTime() throws Exception {
        keep("1", "a xylophonist");
        keep("2", "tea");
        keeper.tick();
        remove("1");
        for (int second = 0; second <= IndexKeeper.LONGEST; second++) {
            if (second % (IndexKeeper.QUIET - 1) == 0) {
                keep("n" + second, "tea");
            }
            keeper.tick();
        }
        assertThat(isOnTheDisk("xylophonist")).isFalse();
    }
}
