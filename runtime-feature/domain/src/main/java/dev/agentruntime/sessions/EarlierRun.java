package dev.agentruntime.sessions;

import dev.agentruntime.api.PlainText;
import dev.agentruntime.spi.Reclaimed;
import dev.agentruntime.spi.VmDriver;
import dev.agentruntime.store.Ledger;
import dev.agentruntime.store.LedgerException;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Clears up after an earlier run of this server: has its VMs destroyed and its sessions' records closed, and tries again
 * what failed. Once found VMs can be adopted, this is where the driver's survey is gone through. Its owner calls
 * {@link #tick()} once a second. Thread-safe; does not block unless it says so.
 */
public final class EarlierRun {

    private static final Logger LOG = Logger.getLogger(EarlierRun.class.getName());
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private enum Progress { NOT_ASKED, SOME_LEFT, CLEAR }

    private final VmDriver driver;
    private final Recovery recovery;
    private final Times times;
    private final SessionExecutors executors;
    private final Runnable whenAsked;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile Progress progress = Progress.NOT_ASKED;
    private volatile Instant next = Instant.MIN;
    /** Logged when it changes, not every five seconds. */
    private volatile String trouble = "";

    /** @param whenAsked run once the hypervisor has been asked: what is left then disturbs nobody */
    public EarlierRun(VmDriver driver, Ledger ledger, String serverId, Listeners listeners, Times times,
            SessionExecutors executors, Runnable whenAsked) {
        this.driver = driver;
        this.recovery = new Recovery(ledger, listeners, times, serverId);
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
        recovery.list();
    }

    /** Lets time pass: has what is left looked for again. */
    public void tick() {
        if (progress != Progress.CLEAR && !times.now().isBefore(next) && looking.compareAndSet(false, true)) {
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
            Reclaimed reclaimed = driver.reclaim();
            asked();
            recovery.reclaimed(reclaimed);
            progress = reclaimed.left().isEmpty() ? Progress.CLEAR : Progress.SOME_LEFT;
            if (!reclaimed.left().isEmpty()) {
                tell(SessionMessage.RECLAIM_LEFT, String.join(" ", new TreeMap<>(reclaimed.left()).values()));
            }
            executors.store().execute(this::close);
        } catch (RuntimeException | Error e) {
            tell(SessionMessage.RECLAIM_FAILED, String.valueOf(e.getMessage()));
        } finally {
            next = times.now().plus(PAUSE);
            looking.set(false);
        }
    }

    /** Comes before the database, which may take its time. */
    private void asked() {
        if (progress == Progress.NOT_ASKED) {
            whenAsked.run();
        }
    }

    /** What cannot be written now is written by the keeper's next try, or when more is known. */
    private void close() {
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
