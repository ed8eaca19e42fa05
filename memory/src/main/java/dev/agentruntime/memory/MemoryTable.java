package dev.agentruntime.memory;

import dev.agentruntime.store.Sql;
import dev.agentruntime.store.Transaction;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The memories of the API in one transaction. For one thread. */
record MemoryTable(Transaction transaction) {

    private static final String MEMORY = "SELECT id, name, status, expiry_days, settings, strategies, created_at, updated_at FROM memory_resource";

    Optional<MemoryRow> find(String id) throws SQLException {
        return Sql.row(transaction, MEMORY + " WHERE id = ?", MemoryTable::read, id);
    }

    /** Locked until the transaction's end. */
    Optional<MemoryRow> locked(String id) throws SQLException {
        return Sql.row(transaction, MEMORY + " WHERE id = ? FOR UPDATE", MemoryTable::read, id);
    }

    Optional<MemoryRow> named(String name) throws SQLException {
        return Sql.row(transaction, MEMORY + " WHERE name = ?", MemoryTable::read, name);
    }

    /** The one that was made with this token. */
    Optional<MemoryRow> ofToken(String token) throws SQLException {
        return Sql.row(transaction, MEMORY + " WHERE token = ?", MemoryTable::read, token);
    }

    List<MemoryRow> all() throws SQLException {
        return Sql.rows(transaction, MEMORY + " ORDER BY id", MemoryTable::read);
    }

    List<MemoryRow> deleting() throws SQLException {
        return Sql.rows(transaction, MEMORY + " WHERE status = ? ORDER BY id", MemoryTable::read, MemoryRow.Status.DELETING);
    }

    int count() throws SQLException {
        return Sql.row(transaction, "SELECT COUNT(*) FROM memory_resource", row -> row.getInt(1)).orElse(0);
    }

    void insert(MemoryRow row, Optional<String> token) throws SQLException {
        Sql.change(transaction, "INSERT INTO memory_resource (id, name, status, expiry_days, settings, strategies, token, created_at, updated_at)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row.id(), row.name(), row.status(), row.expiry().toDays(), row.settings().toString(),
                strategies(row), token.orElse(null), row.createdAt(), row.updatedAt());
    }

    void update(MemoryRow row) throws SQLException {
        Sql.change(transaction, "UPDATE memory_resource SET status = ?, expiry_days = ?, settings = ?, strategies = ?, updated_at = ? WHERE id = ?",
                row.status(), row.expiry().toDays(), row.settings().toString(), strategies(row), row.updatedAt(), row.id());
    }

    void delete(String id) throws SQLException {
        Sql.change(transaction, "DELETE FROM memory_resource WHERE id = ?", id);
    }

    private static String strategies(MemoryRow row) {
        return Json.createArrayBuilder(row.strategies().stream().map(Strategy::view).toList()).build().toString();
    }

    private static MemoryRow read(ResultSet row) throws SQLException {
        return new MemoryRow(row.getString("id"), row.getString("name"), MemoryRow.Home.API, MemoryRow.Status.valueOf(row.getString("status")),
                Duration.ofDays(row.getInt("expiry_days")), Views.object(row.getString("settings")),
                Views.array(row.getString("strategies")).getValuesAs(JsonObject.class).stream().map(Strategy::new).toList(),
                Sql.time(row, "created_at"), Sql.time(row, "updated_at"));
    }
}
