package dev.agentruntime.identity;

import dev.agentruntime.store.Sql;
import dev.agentruntime.store.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Sealed secrets in one transaction. For one thread. */
record Secrets(Transaction transaction) {

    /** A row whose data key is wrapped with a key that is not the current one. */
    record Outdated(String id, Sealed sealed) {}

    Optional<Sealed> find(Slot slot) throws SQLException {
        return Sql.row(transaction, "SELECT key_id, wrapped, sealed FROM identity_secret WHERE id = ?", Secrets::sealed, slot.id());
    }

    /** Keeps it in the place of what was there. */
    void put(Slot slot, Sealed sealed, Instant now) throws SQLException {
        int changed = Sql.change(transaction, "UPDATE identity_secret SET key_id = ?, wrapped = ?, sealed = ?, updated_at = ? WHERE id = ?",
                sealed.keyId(), sealed.wrapped(), sealed.sealed(), now, slot.id());
        if (changed == 0) {
            Sql.change(transaction, "INSERT INTO identity_secret (id, kind, workload, owner, issuer, subject, provider, scopes, key_id, wrapped, sealed, created_at,"
                    + " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", slot.id(), slot.kind(), slot.workload(), slot.owner(), slot.issuer(),
                    slot.subject(), slot.provider(), Tables.array(slot.scopes()), sealed.keyId(), sealed.wrapped(), sealed.sealed(), now, now);
        }
    }

    void delete(Slot slot) throws SQLException {
        Sql.change(transaction, "DELETE FROM identity_secret WHERE id = ?", slot.id());
    }

    void deleteOfWorkload(String workload) throws SQLException {
        Sql.change(transaction, "DELETE FROM identity_secret WHERE workload = ?", workload);
    }

    /** How many there are of each key. */
    Map<String, Long> countByKey() throws SQLException {
        Map<String, Long> counts = new TreeMap<>();
        Sql.rows(transaction, "SELECT key_id, COUNT(*) FROM identity_secret GROUP BY key_id", row -> Map.entry(row.getString(1), row.getLong(2)))
                .forEach(count -> counts.put(count.getKey(), count.getValue()));
        return counts;
    }

    /** Some of those that were wrapped with {@code keyId}, after the row {@code after}, in the order of their ids. */
    List<Outdated> wrappedWith(String keyId, String after, int most) throws SQLException {
        return Sql.rows(transaction, "SELECT id, key_id, wrapped, sealed FROM identity_secret WHERE key_id = ? AND id > ? ORDER BY id LIMIT " + most,
                row -> new Outdated(row.getString("id"), sealed(row)), keyId, after);
    }

    /** Unless it was changed since; what it hides is not touched. */
    void rewrap(Outdated before, Sealed after) throws SQLException {
        Sql.change(transaction, "UPDATE identity_secret SET key_id = ?, wrapped = ? WHERE id = ? AND wrapped = ?",
                after.keyId(), after.wrapped(), before.id(), before.sealed().wrapped());
    }

    private static Sealed sealed(ResultSet row) throws SQLException {
        return new Sealed(row.getString("key_id"), row.getString("wrapped"), row.getString("sealed"));
    }
}
