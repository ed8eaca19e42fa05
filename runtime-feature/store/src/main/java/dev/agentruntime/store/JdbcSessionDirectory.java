package dev.agentruntime.store;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.Subject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Logger;

/** The directory in a table whose key decides: two rows of one id cannot be. */
public final class JdbcSessionDirectory implements SessionDirectory {

    private static final Logger LOG = Logger.getLogger(JdbcSessionDirectory.class.getName());
    static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(10);
    /** Claims under way; more than that means that the database is stuck. */
    static final int MOST_CLAIMS = 256;
    private static final int MOST_REMEMBERED = 100_000;
    private static final int BATCH = 200;
    private static final int LONGEST_RUNTIME = 64;
    private static final int LONGEST_ID = 256;
    private static final String SELECT =
            "SELECT owner_issuer, owner_subject FROM agent_session_owner WHERE runtime = ? AND session_id = ?";
    private static final String INSERT = "INSERT INTO agent_session_owner"
            + " (runtime, session_id, owner_issuer, owner_subject, server_id, claimed_at) VALUES (?, ?, ?, ?, ?, ?)";

    private enum Link { UP, DOWN }

    private final Room room;
    private final Executor lane;
    private final Clock clock;
    private final Semaphore places = new Semaphore(MOST_CLAIMS);
    private final Remembered remembered = new Remembered(MOST_REMEMBERED);
    private final AtomicBoolean writing = new AtomicBoolean();
    private volatile Link link = Link.UP;

    /** @param lane threads that nobody else uses; they may hang for as long as the database does */
    public JdbcSessionDirectory(Database database, Executor lane, Clock clock) {
        this.room = Tables.in(database);
        this.lane = lane;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<Claim> claim(String runtime, String sessionId, Subject subject, String serverId) {
        Ownership wanted = checked(runtime, sessionId, subject, serverId);
        Optional<Claim> known = remembered.owner(wanted.id()).map(owner -> new Claim(owner, false));
        return known.map(CompletableFuture::completedFuture).orElseGet(() -> ask(wanted));
    }

    private CompletableFuture<Claim> ask(Ownership wanted) {
        if (!places.tryAcquire()) {
            return CompletableFuture.failedFuture(unavailable(new SQLTimeoutException(MOST_CLAIMS + " questions wait for the database.")));
        }
        CompletableFuture<Claim> answer = new CompletableFuture<>();
        try {
            lane.execute(() -> {
                try {
                    answer(wanted, answer);
                } finally {
                    places.release();
                }
            });
        } catch (RejectedExecutionException e) {
            places.release();
            return CompletableFuture.failedFuture(new DirectoryUnavailableException("The server is being stopped.", e));
        }
        return answer.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).exceptionallyCompose(failure ->
                CompletableFuture.failedFuture(failure instanceof TimeoutException
                        ? unavailable(new SQLTimeoutException("The database took longer than " + PATIENCE.toMillis() + " ms.")) : failure));
    }

    /** Nothing is asked for a caller who has been told already that it took too long. */
    private void answer(Ownership wanted, CompletableFuture<Claim> answer) {
        if (answer.isDone()) {
            return;
        }
        try {
            Claim claim = claimed(wanted, PATIENCE);
            up();
            answer.complete(claim);
        } catch (SQLException e) {
            answer.completeExceptionally(unavailable(e));
        } catch (RuntimeException | Error e) {
            answer.completeExceptionally(e);
        }
    }

    /** Of two who insert at once the key refuses one, who then finds the other's row. */
    private Claim claimed(Ownership wanted, Duration limit) throws SQLException {
        Deadline deadline = Deadline.in(limit);
        while (true) {
            try {
                return room.run(deadline.left(), transaction -> {
                    Optional<Subject> owner = owner(transaction, wanted);
                    if (owner.isPresent()) {
                        return new Claim(owner.get(), false);
                    }
                    insert(transaction, wanted);
                    return new Claim(wanted.owner(), true);
                });
            } catch (SQLException e) {
                if (!Failures.isCollision(e)) {
                    throw e;
                }
            }
        }
    }

    private static Optional<Subject> owner(Transaction transaction, Ownership wanted) throws SQLException {
        try (PreparedStatement select = transaction.prepare(SELECT)) {
            select.setString(1, wanted.id().runtime());
            select.setString(2, wanted.id().sessionId());
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(new Subject(rows.getString(1), rows.getString(2))) : Optional.empty();
            }
        }
    }

    private static void insert(Transaction transaction, Ownership wanted) throws SQLException {
        try (PreparedStatement insert = transaction.prepare(INSERT)) {
            bind(insert, wanted);
            insert.executeUpdate();
        }
    }

    private static void bind(PreparedStatement insert, Ownership wanted) throws SQLException {
        insert.setString(1, wanted.id().runtime());
        insert.setString(2, wanted.id().sessionId());
        insert.setString(3, wanted.owner().issuer());
        insert.setString(4, wanted.owner().name());
        insert.setString(5, wanted.serverId());
        insert.setObject(6, Rows.time(wanted.since()));
    }

    @Override
    public void remember(String runtime, String sessionId, Subject subject, String serverId) {
        if (!remembered.add(checked(runtime, sessionId, subject, serverId))) {
            throw unavailable(new SQLTimeoutException(MOST_REMEMBERED + " owners wait to be written."));
        }
        if (link == Link.UP) {
            writeSoon();
        }
    }

    @Override
    public void tick(Instant now) {
        if (!remembered.isEmpty()) {
            writeSoon();
        }
    }

    private void writeSoon() {
        if (!writing.compareAndSet(false, true)) {
            return;
        }
        try {
            lane.execute(this::write);
        } catch (RejectedExecutionException e) {
            writing.set(false);
            unavailable(new SQLException("Its threads have been stopped.", e));
        }
    }

    private void write() {
        try {
            List<Ownership> next;
            while (!(next = remembered.next(BATCH)).isEmpty() && written(next)) {
                up();
            }
        } catch (SQLException e) {
            unavailable(e);
        } finally {
            writing.set(false);
        }
    }

    /** Together, or one by one where one of them is there already or is refused; returns whether any was. */
    private boolean written(List<Ownership> ownerships) throws SQLException {
        try {
            room.run(WRITE_LIMIT, transaction -> insertAll(transaction, ownerships));
            remembered.removeAll(ownerships);
            return true;
        } catch (SQLException e) {
            if (Failures.isAway(e)) {
                throw e;
            }
        }
        boolean any = false;
        for (Ownership ownership : ownerships) {
            any |= written(ownership);
        }
        return any;
    }

    private boolean written(Ownership ownership) throws SQLException {
        try {
            claimed(ownership, WRITE_LIMIT);
            remembered.removeAll(List.of(ownership));
            return true;
        } catch (SQLException e) {
            if (Failures.isAway(e)) {
                throw e;
            }
            remembered.postpone(ownership);
            unavailable(e);
            return false;
        }
    }

    private static int insertAll(Transaction transaction, List<Ownership> ownerships) throws SQLException {
        try (PreparedStatement insert = transaction.prepare(INSERT)) {
            for (Ownership ownership : ownerships) {
                bind(insert, ownership);
                insert.addBatch();
            }
            return insert.executeBatch().length;
        }
    }

    private Ownership checked(String runtime, String sessionId, Subject subject, String serverId) {
        check("name of an agent runtime", runtime, LONGEST_RUNTIME);
        check("session id", sessionId, LONGEST_ID);
        check("issuer", subject.issuer(), LONGEST_OWNER);
        check("caller's name", subject.name(), LONGEST_OWNER);
        return new Ownership(new Ownership.Id(runtime, sessionId), subject, Rows.serverId(serverId), clock.instant());
    }

    /** Nothing is cut or cleaned here: two owners would become one. */
    private static void check(String what, String text, int most) {
        if (!Texts.isStorable(text, most)) {
            throw new RequestException(RequestException.Kind.VALIDATION,
                    "The " + what + " has more than " + most + " characters, or control characters, and cannot own a session.");
        }
    }

    private void up() {
        if (link == Link.DOWN) {
            link = Link.UP;
            StoreMessage.DIRECTORY_UP.log(LOG);
        }
    }

    /** Logged once per outage. */
    private DirectoryUnavailableException unavailable(SQLException why) {
        if (link == Link.UP) {
            link = Link.DOWN;
            StoreMessage.DIRECTORY_DOWN.log(LOG, Texts.cleaned(String.valueOf(why.getMessage()), 1000));
        }
        return new DirectoryUnavailableException(
                "Who owns this session id cannot be looked up at the moment. Ask again in some seconds.", why);
    }
}
