package dev.agentruntime.identity;

import dev.agentruntime.store.Sql;
import dev.agentruntime.store.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Sealed secrets in one transaction. For one thread. */
record Secrets(Transaction transaction) {

    private static final String GRANTS = "SELECT id, workload, issuer, subject, provider, scopes, created_at, updated_at FROM identity_secret";

    /** A row whose data key is wrapped with a key that is not the current one. */
    record Outdated(String id, Sealed sealed) {}

    Optional<Sealed> find(Slot slot) throws SQLException {
        return Sql.row(transaction, "SELECT key_id, wrapped, sealed FROM identity_secret WHERE id = ?", Secrets::sealed, slot.id());
    }

    /** Keeps it in the place of what was there. */
    void put(Slot slot, Sealed sealed, Instant now) throws SQLException {
        int changed = Sql.change(transaction, "UPDATE identity_secret SET key_id = ?, wrapped = ?, sealed = ?, seal = ?, updated_at = ? WHERE id = ?",
                sealed.keyId(), sealed.wrapped(), sealed.sealed(), seal(sealed), now, slot.id());
        if (changed == 0) {
            Sql.change(transaction, "INSERT INTO identity_secret (id, kind, workload, owner, issuer, subject, provider, scopes, key_id, wrapped, sealed, seal,"
                    + " created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", slot.id(), slot.kind(), slot.workload(), slot.owner(), slot.issuer(),
                    slot.subject(), slot.provider(), Tables.array(slot.scopes()), sealed.keyId(), sealed.wrapped(), sealed.sealed(), seal(sealed), now,
                    now);
        }
    }

    void delete(Slot slot) throws SQLException {
        Sql.change(transaction, "DELETE FROM identity_secret WHERE id = ?", slot.id());
    }

    /** Unless it was changed since; how many rows that were. */
    int delete(Slot slot, Sealed known) throws SQLException {
        return Sql.change(transaction, "DELETE FROM identity_secret WHERE id = ? AND seal = ?", slot.id(), seal(known));
    }

    /** Puts another in its place, unless it was changed since. */
    boolean replace(Slot slot, Sealed known, Sealed after, Instant now) throws SQLException {
        return Sql.change(transaction, "UPDATE identity_secret SET key_id = ?, wrapped = ?, sealed = ?, seal = ?, updated_at = ?, leased_until = ? WHERE id = ?"
                + " AND seal = ?", after.keyId(), after.wrapped(), after.sealed(), seal(after), now, Instant.EPOCH, slot.id(), seal(known)) == 1;
    }

    /** Gives the right to replace it to one caller of all servers, unless it was changed since or another has that right. */
    boolean lease(Slot slot, Sealed known, Instant now, Instant until) throws SQLException {
        return Sql.change(transaction, "UPDATE identity_secret SET leased_until = ? WHERE id = ? AND seal = ? AND leased_until <= ?", until, slot.id(), seal(known),
                now) == 1;
    }

    /** From when on it is good for nothing. */
    void endsAt(Slot slot, Instant end) throws SQLException {
        Sql.change(transaction, "UPDATE identity_secret SET good_until = ? WHERE id = ?", end, slot.id());
    }

    int deleteEnded(Instant now) throws SQLException {
        return Sql.change(transaction, "DELETE FROM identity_secret WHERE good_until < ?", now);
    }

    /** What users have consented to at a provider for OAuth2, also where they are not done with that. */
    void deleteOfUsers(String provider) throws SQLException {
        Sql.change(transaction, "DELETE FROM identity_secret WHERE provider = ? AND kind IN (?, ?)", provider, Slot.Kind.GRANT, Slot.Kind.CONSENT);
    }

    /** A grant, without what is secret of it. */
    record GrantRow(String id, String workload, String issuer, String subject, String provider, List<String> place, Instant createdAt, Instant updatedAt) {}

    /** Some of the grants after the row {@code after}, in the order of their ids; those of all owners, workloads or providers where none is named. */
    List<GrantRow> grants(Optional<String> owner, Optional<String> workload, Optional<String> provider, String after, int most) throws SQLException {
        List<Object> parameters = new ArrayList<>(List.of(Slot.Kind.GRANT, after));
        StringBuilder where = new StringBuilder(" WHERE kind = ? AND id > ?");
        owner.ifPresent(value -> narrow(where, parameters, "owner", value));
        workload.ifPresent(value -> narrow(where, parameters, "workload", value));
        provider.ifPresent(value -> narrow(where, parameters, "provider", value));
        return Sql.rows(transaction, GRANTS + where + " ORDER BY id LIMIT " + most, Secrets::grant, parameters.toArray());
    }

    private static void narrow(StringBuilder where, List<Object> parameters, String column, String value) {
        where.append(" AND ").append(column).append(" = ?");
        parameters.add(value);
    }

    /** The grant of this id that was there, and is no more; only one of this owner's where one is named. */
    Optional<GrantRow> deleteGrant(String id, Optional<String> owner) throws SQLException {
        Optional<GrantRow> there = owner.isPresent()
                ? Sql.row(transaction, GRANTS + " WHERE kind = ? AND id = ? AND owner = ?", Secrets::grant, Slot.Kind.GRANT, id, owner.get())
                : Sql.row(transaction, GRANTS + " WHERE kind = ? AND id = ?", Secrets::grant, Slot.Kind.GRANT, id);
        if (there.isPresent()) {
            Sql.change(transaction, "DELETE FROM identity_secret WHERE id = ?", id);
        }
        return there;
    }

    private static GrantRow grant(ResultSet row) throws SQLException {
        return new GrantRow(row.getString("id"), row.getString("workload"), row.getString("issuer"), row.getString("subject"), row.getString("provider"),
                Tables.list(row.getString("scopes")), Sql.time(row, "created_at"), Sql.time(row, "updated_at"));
    }

    /** Names what is sealed, and stays when its data key is wrapped anew. */
    private static String seal(Sealed sealed) {
        return Digests.of(sealed.sealed());
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
