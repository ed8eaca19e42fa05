package dev.agentruntime.memory;

import dev.agentruntime.api.Caller;
import dev.agentruntime.api.RoomOperations.Request;
import dev.agentruntime.memory.MemoryException.Kind;
import dev.agentruntime.memory.RecordTable.Place;
import dev.agentruntime.memory.RecordTable.Wanted;
import dev.agentruntime.requests.Page;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Shows, lists and finds records, for who may. Thread-safe; blocks on the database and on the index. */
final class Records {

    private static final int STANDARD_PAGE = 20;
    private static final int STANDARD_TOP = 10;
    private static final int CHUNK = 200;
    private static final int MOST_LOOKED_AT = 2_000;
    private static final String BETWEEN = " ";
    /** In a token: when a record was made, and its id. */
    private static final Pattern PLACE = Pattern.compile("([0-9]{1,15}) (mem-[a-zA-Z0-9_-]{1,46})");
    /** In a token: how many were told before. */
    private static final Pattern NUMBER = Pattern.compile("([0-9]{1,4})");

    private final MemoryStore store;
    private final Memories memories;
    private final IndexKeeper index;

    Records(MemoryStore store, Memories memories, IndexKeeper index) {
        this.store = store;
        this.memories = memories;
        this.index = index;
    }

    /** Whose records {@code caller} reads: everybody's where it is empty. */
    static Optional<String> actor(Caller caller) {
        return caller.admin() ? Optional.empty() : Optional.of(OwnActor.of(caller.subject()));
    }

    JsonObject get(Request request, JsonObject input) {
        String memory = memories.serving(input.getString("memoryId")).id();
        String id = input.getString("memoryRecordId");
        RecordRow row = store.run(transaction -> new RecordTable(transaction).find(memory, id)).filter(found -> isFor(request.caller(), found)).orElseThrow(() -> none(id));
        return Json.createObjectBuilder().add("memoryRecord", row.view(OptionalDouble.empty())).build();
    }

    static boolean isFor(Caller caller, RecordRow row) {
        return actor(caller).filter(own -> !own.equals(row.actor())).isEmpty();
    }

    static MemoryException none(String id) {
        return new MemoryException(Kind.NOT_FOUND, "There is no record " + id + " that you may read.");
    }

    JsonObject list(Request request, JsonObject input) {
        Wanted wanted = wanted(request, input, input);
        MetadataFilter filter = MetadataFilter.of(Views.array(input, "metadataFilters"), "metadataFilters");
        String list = "records " + wanted.memory();
        Optional<Place> after = Optional.ofNullable(input.getString("nextToken", null)).map(token -> place(Page.after(list, token)));
        int most = input.getInt("maxResults", STANDARD_PAGE);
        Found found = store.run(transaction -> found(new RecordTable(transaction), wanted, filter, after, most));
        return Views.list("memoryRecordSummaries", found.records().stream().map(row -> row.view(OptionalDouble.empty())).toList(),
                found.last().map(place -> Page.token(list, place.at().toEpochMilli() + BETWEEN + place.id())));
    }

    /** @param last after which there may be more */
    private record Found(List<RecordRow> records, Optional<Place> last) {}

    private static Found found(RecordTable table, Wanted wanted, MetadataFilter filter, Optional<Place> after, int most) throws SQLException {
        List<RecordRow> found = new ArrayList<>();
        Optional<Place> at = after;
        int chunk = filter.isEmpty() ? most + 1 : CHUNK;
        for (int looked = 0; looked < MOST_LOOKED_AT; looked += chunk) {
            List<RecordRow> next = table.newest(wanted, at, chunk);
            for (RecordRow row : next) {
                if (filter.test(row.metadata())) {
                    if (found.size() == most) {
                        RecordRow last = found.get(most - 1);
                        return new Found(found, Optional.of(new Place(last.at(), last.id())));
                    }
                    found.add(row);
                }
            }
            if (next.size() < chunk) {
                return new Found(found, Optional.empty());
            }
            RecordRow last = next.get(next.size() - 1);
            at = Optional.of(new Place(last.at(), last.id()));
        }
        return new Found(found, at);
    }

    private static Place place(String key) {
        MatchResult parts = Views.parts(PLACE, key);
        return new Place(Instant.ofEpochMilli(Long.parseLong(parts.group(1))), parts.group(2));
    }

    JsonObject retrieve(Request request, JsonObject input) {
        JsonObject criteria = input.getJsonObject("searchCriteria");
        Wanted wanted = wanted(request, input, criteria);
        MetadataFilter filter = MetadataFilter.of(Views.array(criteria, "metadataFilters"), "searchCriteria.metadataFilters");
        String question = criteria.getString("searchQuery");
        String list = "found " + wanted.memory() + BETWEEN + Ids.digest(question);
        int from = Optional.ofNullable(input.getString("nextToken", null)).map(token -> Integer.parseInt(Views.parts(NUMBER, Page.after(list, token)).group(1))).orElse(0);
        int top = criteria.getInt("topK", STANDARD_TOP);
        List<JsonObject> best = best(wanted, filter, question, top);
        int to = Math.min(best.size(), from + input.getInt("maxResults", Math.max(STANDARD_PAGE, top)));
        return Views.list("memoryRecordSummaries", from >= to ? List.of() : best.subList(from, to),
                to < best.size() ? Optional.of(Page.token(list, Integer.toString(to))) : Optional.empty());
    }

    private List<JsonObject> best(Wanted wanted, MetadataFilter filter, String question, int top) {
        int many = filter.isEmpty() ? top : Math.min(MOST_LOOKED_AT, top * 10);
        while (true) {
            List<RecordIndex.Hit> hits = index.search(wanted, question, many);
            List<JsonObject> best = best(wanted, filter, hits, top);
            if (best.size() == top || hits.size() < many || many == MOST_LOOKED_AT) {
                return best;
            }
            many = Math.min(MOST_LOOKED_AT, many * 4);
        }
    }

    /** As the database has them now, which is what counts. */
    private List<JsonObject> best(Wanted wanted, MetadataFilter filter, List<RecordIndex.Hit> hits, int top) {
        List<JsonObject> best = new ArrayList<>();
        for (int from = 0; from < hits.size() && best.size() < top; from += CHUNK) { // what was looked at and does not pass is not held
            best.addAll(some(wanted, filter, hits.subList(from, Math.min(hits.size(), from + CHUNK)), top - best.size()));
        }
        return List.copyOf(best);
    }

    private List<JsonObject> some(Wanted wanted, MetadataFilter filter, List<RecordIndex.Hit> hits, int top) {
        Map<String, RecordRow> rows = store.run(transaction -> new RecordTable(transaction).all(wanted.memory(), hits.stream().map(RecordIndex.Hit::id).toList()));
        return hits.stream().filter(hit -> Optional.ofNullable(rows.get(hit.id())).filter(row -> row.state() == RecordRow.State.ACTIVE && filter.test(row.metadata())
                        && wanted.actor().filter(own -> !own.equals(row.actor())).isEmpty()).isPresent())
                .limit(top).map(hit -> rows.get(hit.id()).view(OptionalDouble.of(shown(hit.score())))).toList();
    }

    /** Between 0 and 1, in the same order. */
    private static double shown(double score) {
        return score / (score + 1);
    }

    private Wanted wanted(Request request, JsonObject input, JsonObject criteria) {
        return new Wanted(memories.serving(input.getString("memoryId")).id(), actor(request.caller()), Optional.ofNullable(input.getString("namespace", null)),
                Optional.ofNullable(input.getString("namespacePath", null)), Optional.ofNullable(criteria.getString("memoryStrategyId", null)));
    }
}
