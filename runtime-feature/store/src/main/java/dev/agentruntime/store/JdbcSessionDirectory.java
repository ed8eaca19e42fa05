package dev.agentruntime.store;

import dev.agentruntime.api.RequestException;
import dev.agentruntime.api.Subject;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Logger;

/** The directory in a table whose key decides: two rows of one id cannot be. */
public final class JdbcSessionDirectory implements SessionDirectory {

    static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(10);
    static final Duration LAST_WRITE = Duration.ofSeconds(5);
    private static final Duration BETWEEN_LAST_WRITES = Duration.ofMillis(100);
    /** Claims under way; more than that means that the database is stuck. */
    static final int MOST_CLAIMS = 256;
    private static final int MOST_REMEMBERED = 100_000;
    private static final int BATCH = 200;
    private static final int LONGEST_RUNTIME = 64;
    private static final int LONGEST_ID = 256;

    private static final Logger LOG = Logger.getLogger(JdbcSessionDirectory.class.getName());

    private final OwnerTable table;
    private final Executor lane;
    private final Clock wall;
    private final Semaphore places = new Semaphore(MOST_CLAIMS);
    private final Remembered remembered = new Remembered(MOST_REMEMBERED);
    private final AtomicBoolean writing = new AtomicBoolean();
    private final DirectoryLink link;

    /**
     * @param lane   threads that nobody else uses; they may hang for as long as the database does
     * @param wall   says since when an id has its owner
     * @param steady a clock that nobody sets
     */
    public JdbcSessionDirectory(Database database, Executor lane, Clock wall, Clock steady) {
        this.table = new OwnerTable(Tables.in(database));
        this.lane = lane;
        this.wall = wall;
        this.link = new DirectoryLink(steady);
    }

    @Override
    public CompletableFuture<Claim> claim(String runtime, String sessionId, Subject subject, String serverId) {
        Ownership wanted = checked(runtime, sessionId, subject, serverId);
        Optional<Claim> known = remembered.owner(wanted.id()).map(owner -> new Claim(owner, false));
        return known.map(CompletableFuture::completedFuture).orElseGet(() -> ask(wanted));
    }

    private CompletableFuture<Claim> ask(Ownership wanted) {
        if (!places.tryAcquire()) {
            return CompletableFuture.failedFuture(link.failed(new SQLTimeoutException(MOST_CLAIMS + " questions wait for the database.")));
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
        } catch (RuntimeException | Error noThread) {
            places.release();
            return CompletableFuture.failedFuture(new DirectoryUnavailableException("There is no thread to ask the database on.", noThread));
        }
        return answer.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).exceptionallyCompose(failure ->
                CompletableFuture.failedFuture(failure instanceof TimeoutException
                        ? link.failed(new SQLTimeoutException("The database took longer than " + PATIENCE.toMillis() + " ms.")) : failure));
    }

    /** Nothing is asked for a caller who has been told already that it took too long. */
    private void answer(Ownership wanted, CompletableFuture<Claim> answer) {
        if (answer.isDone()) {
            return;
        }
        try {
            Claim claim = table.claim(wanted, PATIENCE);
            link.worked();
            answer.complete(claim);
        } catch (SQLException e) {
            answer.completeExceptionally(link.failed(e));
        } catch (RuntimeException | Error e) {
            answer.completeExceptionally(e);
        }
    }

    @Override
    public void remember(String runtime, String sessionId, Subject subject, String serverId) {
        if (!remembered.add(checked(runtime, sessionId, subject, serverId))) {
            throw link.failed(new SQLTimeoutException(MOST_REMEMBERED + " owners wait to be written, or the server is being stopped."));
        }
        if (link.isUp()) {
            writeSoon();
        }
    }

    @Override
    public void tick() {
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
        } catch (RuntimeException | Error noThread) {
            writing.set(false);
            link.failed(new SQLException("There is no thread to write on: " + noThread, noThread));
        }
    }

    private void write() {
        try {
            List<Ownership> next;
            while (!(next = remembered.next(BATCH)).isEmpty() && written(next)) {
                link.worked();
            }
        } catch (SQLException e) {
            link.failed(e);
        } finally {
            writing.set(false);
        }
    }

    /** Together, or one by one where one of them is there already or is refused; returns whether any was. */
    private boolean written(List<Ownership> ownerships) throws SQLException {
        try {
            table.insert(ownerships, WRITE_LIMIT);
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
            table.claim(ownership, WRITE_LIMIT);
            remembered.removeAll(List.of(ownership));
            return true;
        } catch (SQLException e) {
            if (Failures.isAway(e)) {
                throw e;
            }
            remembered.postpone(ownership);
            link.failed(e);
            return false;
        }
    }

    /** A database that comes back in time is still written to; one that hangs is not waited for. */
    @Override
    public void close() {
        remembered.close();
        try {
            if (!remembered.isEmpty()) {
                CompletableFuture.runAsync(this::writeLast, lane).get(LAST_WRITE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            link.failed(new SQLException("The last owners could not be written: " + e, e));
        } catch (RuntimeException | Error noThread) {
            link.failed(new SQLException("There is no thread to write the last owners on: " + noThread, noThread));
        }
        remembered.next(MOST_REMEMBERED).forEach(JdbcSessionDirectory::lost);
    }

    private void writeLast() {
        long until = System.nanoTime() + LAST_WRITE.toNanos();
        while (!remembered.isEmpty() && System.nanoTime() - until < 0) {
            if (writing.compareAndSet(false, true)) {
                write();
            }
            if (!remembered.isEmpty()) {
                LockSupport.parkNanos(BETWEEN_LAST_WRITES.toNanos());
            }
        }
    }

    private static void lost(Ownership ownership) {
        StoreMessage.OWNER_LOST.log(LOG, ownership.id().sessionId(), ownership.id().runtime(), ownership.owner().name(),
                ownership.owner().issuer(), ownership.serverId(), ownership.since());
    }

    private Ownership checked(String runtime, String sessionId, Subject subject, String serverId) {
        check("name of an agent runtime", runtime, LONGEST_RUNTIME);
        check("session id", sessionId, LONGEST_ID);
        check("issuer", subject.issuer(), LONGEST_OWNER);
        check("caller's name", subject.name(), LONGEST_OWNER);
        return new Ownership(new Ownership.Id(runtime, sessionId), subject, Rows.serverId(serverId), wall.instant());
    }

    /** Nothing is cut or cleaned here: two owners would become one. */
    private static void check(String what, String text, int most) {
        if (!Texts.isStorable(text, most)) {
            throw new RequestException(RequestException.Kind.VALIDATION,
                    "The " + what + " has more than " + most + " characters, or control characters, and cannot own a session.");
        }
    }
}
