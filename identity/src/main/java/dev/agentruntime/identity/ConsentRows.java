package dev.agentruntime.identity;

import dev.agentruntime.identity.Consent.Step;
import dev.agentruntime.store.Sql;
import dev.agentruntime.store.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Consents that users are asked for, in one transaction. For one thread. */
record ConsentRows(Transaction transaction) {

    private static final String ALL = "SELECT id, state, workload, issuer, subject, provider, place, return_url, step, created_at, changed_at, expires_at FROM identity_consent";

    void insert(Consent consent) throws SQLException {
        Sql.change(transaction, "INSERT INTO identity_consent (id, state, workload, owner, issuer, subject, provider, place, return_url, step, created_at, changed_at,"
                + " expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", consent.id(), consent.state(), consent.workload(), consent.grant().owner(),
                consent.issuer(), consent.subject(), consent.provider(), Tables.array(consent.place()), consent.returnUrl(), consent.step(), consent.created(),
                consent.changed(), consent.expires());
    }

    /** Locked until the transaction's end. */
    Optional<Consent> locked(String id) throws SQLException {
        return Sql.row(transaction, ALL + " WHERE id = ? FOR UPDATE", ConsentRows::consent, id);
    }

    Optional<Consent> find(String id) throws SQLException {
        return Sql.row(transaction, ALL + " WHERE id = ?", ConsentRows::consent, id);
    }

    /** Locked until the transaction's end. */
    Optional<Consent> lockedByState(String state) throws SQLException {
        return Sql.row(transaction, ALL + " WHERE state = ? FOR UPDATE", ConsentRows::consent, state);
    }

    void step(Consent consent, Step step, Instant now) throws SQLException {
        Sql.change(transaction, "UPDATE identity_consent SET step = ?, changed_at = ? WHERE id = ?", step, now, consent.id());
    }

    /** Those that one user is asked for, for one workload and provider; the youngest first. */
    List<Consent> of(Consent other) throws SQLException {
        return Sql.rows(transaction, ALL + " WHERE owner = ? AND workload = ? AND provider = ? ORDER BY created_at DESC, id", ConsentRows::consent,
                other.grant().owner(), other.workload(), other.provider());
    }

    /** Some of those that ended before then. */
    List<Consent> endedBefore(Instant then, int most) throws SQLException {
        return Sql.rows(transaction, ALL + " WHERE expires_at < ? ORDER BY expires_at LIMIT " + most, ConsentRows::consent, then);
    }

    /** With its secrets. */
    void delete(Consent consent) throws SQLException {
        new Secrets(transaction).delete(consent.secrets());
        Sql.change(transaction, "DELETE FROM identity_consent WHERE id = ?", consent.id());
    }

    void deleteOfWorkload(String workload) throws SQLException {
        Sql.change(transaction, "DELETE FROM identity_consent WHERE workload = ?", workload);
    }

    void deleteOfProvider(String provider) throws SQLException {
        Sql.change(transaction, "DELETE FROM identity_consent WHERE provider = ?", provider);
    }

    private static Consent consent(ResultSet row) throws SQLException {
        return new Consent(row.getString("id"), row.getString("state"), row.getString("workload"), row.getString("issuer"), row.getString("subject"),
                row.getString("provider"), Tables.list(row.getString("place")), row.getString("return_url"), Step.valueOf(row.getString("step")),
                Sql.time(row, "created_at"), Sql.time(row, "changed_at"), Sql.time(row, "expires_at"));
    }
}
