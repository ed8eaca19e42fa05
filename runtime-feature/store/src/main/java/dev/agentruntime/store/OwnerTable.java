package dev.agentruntime.store;

import dev.agentruntime.api.Subject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The table of owners, whose key lets one row of an id in. */
record OwnerTable(Room room) {

    private static final String SELECT =
            "SELECT owner_issuer, owner_subject FROM agent_session_owner WHERE runtime = ? AND session_id = ?";
    private static final String INSERT = "INSERT INTO agent_session_owner"
            + " (runtime, session_id, owner_issuer, owner_subject, server_id, claimed_at) VALUES (?, ?, ?, ?, ?, ?)";

    /** Of two who insert at once the key refuses one, who then finds the other's row. Blocks. */
    Claim claim(Ownership wanted, Duration limit) throws SQLException {
        Deadline deadline = Deadline.in(limit);
        while (true) {
            try {
                return room.run(deadline.left(), transaction -> {
                    Optional<Subject> owner = owner(transaction, wanted.id());
                    if (owner.isPresent()) {
                        return new Claim(owner.get(), false);
                    }
                    insert(transaction, List.of(wanted));
                    return new Claim(wanted.owner(), true);
                });
            } catch (SQLException e) {
                if (!Failures.isCollision(e)) {
                    throw e;
                }
            }
        }
    }

    /** Writes all or none, and none where one of them is there already. Blocks. */
    void insert(List<Ownership> ownerships, Duration limit) throws SQLException {
        room.run(limit, transaction -> insert(transaction, ownerships));
    }

    private static Optional<Subject> owner(Transaction transaction, Ownership.Id id) throws SQLException {
        try (PreparedStatement select = transaction.prepare(SELECT)) {
            select.setString(1, id.runtime());
            select.setString(2, id.sessionId());
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(new Subject(rows.getString(1), rows.getString(2))) : Optional.empty();
            }
        }
    }

    private static int insert(Transaction transaction, List<Ownership> ownerships) throws SQLException {
        try (PreparedStatement insert = transaction.prepare(INSERT)) {
            for (Ownership ownership : ownerships) {
                insert.setString(1, ownership.id().runtime());
                insert.setString(2, ownership.id().sessionId());
                insert.setString(3, ownership.owner().issuer());
                insert.setString(4, ownership.owner().name());
                insert.setString(5, ownership.serverId());
                insert.setObject(6, Rows.time(ownership.since()));
                insert.addBatch();
            }
            return insert.executeBatch().length;
        }
    }
}
