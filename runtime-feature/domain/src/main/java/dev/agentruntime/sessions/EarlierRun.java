package dev.agentruntime.sessions;

import dev.agentruntime.api.PlainText;
import dev.agentruntime.spi.FoundVm;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.Reclaimed;
import dev.agentruntime.spi.VmDriver;
import dev.agentruntime.store.Ledger;
import dev.agentruntime.store.LedgerException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Goes on with the sessions of an earlier run of this server, has its other VMs destroyed and the other sessions' records closed, and
 * tries again what failed. Its owner calls {@link #tick()} once a second. Thread-safe; does not block unless it says so.
 */
public final class EarlierRun {

    private static final Logger LOG = Logger.getLogger(EarlierRun.class.getName());
    private static final Duration PAUSE = Duration.ofSeconds(5);
    /** For a look to get through with destroying when the server stops; which VMs it destroys it has found out long before. */
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private enum Progress { SOME_LEFT, CLEAR }

    private final VmDriver driver;
    private final Recovery recovery;
    private final Adoption adoption;
    private final Times times;
    private final SessionExecutors executors;
    private final Runnable whenAsked;
    private final AtomicBoolean looking = new AtomicBoolean();
    private final AtomicBoolean again = new AtomicBoolean();
    private final ReentrantLock destroying = new ReentrantLock();
    private volatile boolean closed;
    private volatile Progress progress = Progress.SOME_LEFT;
    private volatile Instant next = Instant.MIN;
    /** These two are whoever's who looks. */
    private Optional<Instant> firstLook = Optional.empty();
    private boolean begun;
    /** Logged when it changes, not every five seconds. */
    private volatile String trouble = "";

    /**
     * @param whenAsked run once the hypervisor has been asked: what is left then disturbs nobody
     * @param settlement told which sessions go on
     */
    public EarlierRun(VmDriver driver, Ledger ledger, String serverId, Listeners listeners, Times times, SessionExecutors executors,
            Runnable whenAsked, Sessions sessions, Settlement settlement) {
        this.driver = driver;
        this.recovery = new Recovery(ledger, listeners, times, serverId);
        this.adoption = new Adoption(driver, recovery, sessions, settlement, executors.vms());
        this.times = times;
        this.executors = executors;
        this.whenAsked = whenAsked;
    }

    /**
     * Learns which sessions were left, and closes the records of those whose VM is known to be gone. Blocks as the ledger does.
     * Called before this run writes records of its own.
     *
     * @throws LedgerException the ledger cannot be used
     */
    public void list() {
        boolean first = !recovery.isListed();
        recovery.list();
        if (first) {
            begin();
        }
    }

    /** Lets time pass: has what is left looked for again. */
    public void tick() {
        if (!closed && progress != Progress.CLEAR && !times.now().isBefore(next)) {
            begin();
        }
    }

    /**
     * Destroys nothing from here on: what this run leaves to the next one is not what an earlier one has left. To be called before
     * sessions are left. Blocks for some seconds at most, while VMs are being destroyed.
     */
    public void close() {
        closed = true;
        try {
            if (destroying.tryLock(CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
                destroying.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One look at a time; whoever comes meanwhile has it made once more. */
    private void begin() {
        again.set(true);
        if (looking.compareAndSet(false, true)) {
            try {
                executors.vms().execute(this::look);
            } catch (RuntimeException | Error e) {
                looking.set(false);
                throw e;
            }
        }
    }

    private void look() {
        try {
            while (again.getAndSet(false)) {
                lookOnce();
            }
        } finally {
            next = times.now().plus(PAUSE);
            looking.set(false);
        }
        if (again.get()) {
            begin();
        }
    }

    private void lookOnce() {
        try {
            surveyed(driver.survey());
        } catch (HypervisorAwayException e) {
            tell(SessionMessage.RECLAIM_FAILED, e.getMessage());
        } catch (RuntimeException | Error e) {
            tell(SessionMessage.RECLAIM_FAILED, String.valueOf(e.getMessage()));
            // What only a person can mend, or nobody foresaw: agents that cannot be made ready say so to their callers.
            asked();
        }
    }

    /** Sessions that go on come first; but a database that is away keeps no agent from being made ready. */
    private void surveyed(List<FoundVm> found) {
        firstLook = firstLook.or(() -> Optional.of(times.now()));
        if (recovery.isListed()) {
            clear(found);
            asked();
        } else if (Lives.reached(firstLook.get(), PAUSE, times.now())) {
            asked();
        }
    }

    private void asked() {
        if (!begun) {
            whenAsked.run();
            begun = true;
        }
    }

    /** Sessions first: what goes on is not destroyed. */
    private void clear(List<FoundVm> found) {
        Set<String> spared = adoption.adopt(found);
        destroying.lock();
        try {
            if (!closed) {
                destroy(spared);
            }
        } finally {
            destroying.unlock();
        }
    }

    private void destroy(Set<String> spared) {
        Reclaimed reclaimed = driver.reclaim(spared);
        recovery.reclaimed(reclaimed, spared);
        progress = reclaimed.left().isEmpty() && spared.isEmpty() ? Progress.CLEAR : Progress.SOME_LEFT;
        if (!reclaimed.left().isEmpty()) {
            tell(SessionMessage.RECLAIM_LEFT, String.join(" ", new TreeMap<>(reclaimed.left()).values()));
        }
        executors.store().execute(this::closeRecords);
    }

    /** What cannot be written now is written by the keeper's next try, or when more is known. */
    private void closeRecords() {
        try {
            recovery.close();
        } catch (LedgerException e) {
            LOG.log(Level.FINE, e, () -> "The records of an earlier run stay open for now.");
        }
    }

    private void tell(SessionMessage message, String why) {
        String now = PlainText.of(why);
        if (!now.equals(trouble)) {
            trouble = now;
            message.log(LOG, now);
        }
    }
}
