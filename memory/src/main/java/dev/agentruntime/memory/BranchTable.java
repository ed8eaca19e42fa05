package dev.agentruntime.memory;

import dev.agentruntime.store.Sql;
import dev.agentruntime.store.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The branches of sessions in one transaction; the main one has no row. For one thread. */
record BranchTable(Transaction transaction) {

    static final int MOST = 100;
    /** As clients call it. */
    static final String MAIN = "main";

    private static final String OF_SESSION = " FROM memory_branch WHERE memory_id = ? AND actor_id = ? AND session_id = ?";

    /** @param parent the branch of its root; empty text for the main one */
    record Branch(String name, String parent, String root) {}

    /**
     * A part of what is in a branch.
     *
     * @param until the last event of it
     */
    record Part(String branch, Optional<String> until) {}

    Map<String, Branch> all(SessionKey session) throws SQLException {
        Map<String, Branch> all = new HashMap<>();
        Sql.rows(transaction, "SELECT name, parent, root_event" + OF_SESSION,
                row -> new Branch(row.getString("name"), row.getString("parent"), row.getString("root_event")), session.memory(), session.actor(), session.session())
                .forEach(branch -> all.put(branch.name(), branch));
        return all;
    }

    void insert(SessionKey session, Branch branch) throws SQLException {
        Sql.change(transaction, "INSERT INTO memory_branch (memory_id, actor_id, session_id, name, parent, root_event) VALUES (?, ?, ?, ?, ?, ?)",
                session.memory(), session.actor(), session.session(), branch.name(), branch.parent(), branch.root());
    }

    void delete(SessionKey session) throws SQLException {
        Sql.change(transaction, "DELETE" + OF_SESSION, session.memory(), session.actor(), session.session());
    }

    /** The branch's own events and, of those that it came from, the ones up to where it left them. */
    static List<Part> withParents(Map<String, Branch> all, String name) {
        List<Part> parts = new ArrayList<>(List.of(new Part(name, Optional.empty())));
        Optional<Branch> at = Optional.ofNullable(all.get(name));
        String until = "";
        while (at.isPresent()) { // a parent is older than its branches, so that this ends
            until = until.isEmpty() || at.get().root().compareTo(until) < 0 ? at.get().root() : until;
            parts.add(new Part(at.get().parent(), Optional.of(until)));
            at = Optional.ofNullable(all.get(at.get().parent()));
        }
        return List.copyOf(parts);
    }
}
