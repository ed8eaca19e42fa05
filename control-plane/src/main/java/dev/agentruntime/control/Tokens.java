package dev.agentruntime.control;

import dev.agentruntime.requests.InputException.Reason;
import dev.agentruntime.store.Sql;
import dev.agentruntime.store.Transaction;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.TreeMap;

/** Remembers for a day what was answered to which {@code clientToken}, so that a request that is sent again is done once. */
final class Tokens {

    static final Duration KEPT = Duration.ofDays(1);
    private static final String TOKEN = "clientToken";

    private record Answered(String request, String answer) {}

    /** Does what was asked for the first time. */
    @FunctionalInterface
    interface Work {
        JsonObject run() throws SQLException;
    }

    private Tokens() {}

    /**
     * The answer to {@code input}: the one that was given before, or that of {@code work}. Where two arrive at once, the later one's
     * transaction fails as a collision and finds the answer the next time.
     *
     * @throws ControlException the token was used for another request
     */
    static JsonObject once(Tables tables, String operation, JsonObject input, Instant now, Work work) throws SQLException {
        Optional<String> token = Optional.ofNullable(input.getString(TOKEN, null));
        if (token.isEmpty()) {
            return work.run();
        }
        Optional<JsonObject> before = before(tables, operation, input);
        if (before.isPresent()) {
            return before.get();
        }
        Transaction transaction = tables.transaction();
        // Before the work: whoever comes with the same token meanwhile waits here, and does not find the other's work half known.
        Sql.change(transaction, "INSERT INTO control_token (operation, token, request, answer, created_at) VALUES (?, ?, ?, '', ?)",
                operation, token.get(), fingerprint(input), now);
        JsonObject answer = work.run();
        Sql.change(transaction, "UPDATE control_token SET answer = ? WHERE operation = ? AND token = ?",
                answer.toString(), operation, token.get());
        return answer;
    }

    /**
     * The answer that was given to {@code input} before, for whoever has more to do for a new one than a transaction should hold.
     *
     * @throws ControlException the token was used for another request
     */
    static Optional<JsonObject> before(Tables tables, String operation, JsonObject input) throws SQLException {
        Optional<Answered> known = Sql.row(tables.transaction(), "SELECT request, answer FROM control_token WHERE operation = ? AND token = ?",
                row -> new Answered(row.getString(1), row.getString(2)), operation, input.getString(TOKEN, ""));
        if (known.isPresent() && !known.get().request().equals(fingerprint(input))) {
            throw ControlException.invalid(Reason.IDEMPOTENT_PARAMETER_MISMATCH,
                    "This clientToken was used for another request of " + operation + ". Use a new one for each request.");
        }
        return known.map(Answered::answer).map(Tables::json);
    }

    static int forgetOld(Tables tables, Instant now) throws SQLException {
        return Sql.change(tables.transaction(), "DELETE FROM control_token WHERE created_at < ?", now.minus(KEPT));
    }

    /** The same for requests that differ in the order of their members only. */
    private static String fingerprint(JsonObject input) {
        return HexFormat.of().formatHex(Sha256.of(sorted(Json.createObjectBuilder(input).remove(TOKEN).build()).toString()));
    }

    private static JsonValue sorted(JsonValue value) {
        if (value instanceof JsonObject object) {
            TreeMap<String, Object> members = new TreeMap<>();
            object.forEach((name, member) -> members.put(name, sorted(member)));
            return Json.createObjectBuilder(members).build();
        }
        return value instanceof JsonStructure array && array.getValueType() == JsonValue.ValueType.ARRAY
                ? Json.createArrayBuilder(array.asJsonArray().stream().map(Tokens::sorted).toList()).build() : value;
    }
}
