package dev.agentruntime.identity;

import dev.agentruntime.store.Sql;
import dev.agentruntime.store.Transaction;
import jakarta.json.Json;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Workload identities in one transaction. For one thread. */
record Tables(Transaction transaction) {

    private static final String WORKLOAD = "SELECT name, origin, return_urls, created_at, updated_at FROM identity_workload";

    Optional<WorkloadRow> workload(String name) throws SQLException {
        return Sql.row(transaction, WORKLOAD + " WHERE name = ?", Tables::workload, name);
    }

    /** Locked until the transaction's end. */
    Optional<WorkloadRow> lockedWorkload(String name) throws SQLException {
        return Sql.row(transaction, WORKLOAD + " WHERE name = ? FOR UPDATE", Tables::workload, name);
    }

    List<WorkloadRow> workloads() throws SQLException {
        return Sql.rows(transaction, WORKLOAD + " ORDER BY name", Tables::workload);
    }

    int countWorkloads() throws SQLException {
        return Sql.row(transaction, "SELECT COUNT(*) FROM identity_workload", row -> row.getInt(1)).orElse(0);
    }

    void insert(WorkloadRow row) throws SQLException {
        Sql.change(transaction, "INSERT INTO identity_workload (name, origin, return_urls, created_at, updated_at) VALUES (?, ?, ?, ?, ?)",
                row.name(), row.origin(), array(row.returnUrls()), row.createdAt(), row.updatedAt());
    }

    void update(WorkloadRow row) throws SQLException {
        Sql.change(transaction, "UPDATE identity_workload SET return_urls = ?, updated_at = ? WHERE name = ?",
                array(row.returnUrls()), row.updatedAt(), row.name());
    }

    /** With all that belongs to it. */
    void deleteWorkload(String name) throws SQLException {
        new Secrets(transaction).deleteOfWorkload(name);
        new ConsentRows(transaction).deleteOfWorkload(name);
        Sql.change(transaction, "DELETE FROM identity_workload WHERE name = ?", name);
    }

    private static WorkloadRow workload(ResultSet row) throws SQLException {
        return new WorkloadRow(row.getString("name"), Origin.valueOf(row.getString("origin")), list(row.getString("return_urls")),
                Sql.time(row, "created_at"), Sql.time(row, "updated_at"));
    }

    static String array(List<String> texts) {
        return Json.createArrayBuilder(texts).build().toString();
    }

    static List<String> list(String array) {
        try (JsonReader reader = Json.createReader(new StringReader(array))) {
            return reader.readArray().getValuesAs(JsonString.class).stream().map(JsonString::getString).toList();
        }
    }
}
