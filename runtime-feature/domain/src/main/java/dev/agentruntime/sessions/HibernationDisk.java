package dev.agentruntime.sessions;

import dev.agentruntime.api.RequestException.Kind;
import dev.agentruntime.spi.HypervisorAwayException;
import dev.agentruntime.spi.NoDiskRoomException;
import dev.agentruntime.spi.Snapshot;
import dev.agentruntime.spi.Vm;
import java.util.function.LongSupplier;

/** The room that sessions take on the disk. Thread-safe. */
final class HibernationDisk {

    /** What one session may take while others are being written as well. */
    private static final int SHARE = 4;

    private final LongSupplier mostBytes;
    private long taken;

    /** @param mostBytes what all may take now */
    HibernationDisk(LongSupplier mostBytes) {
        this.mostBytes = mostBytes;
    }

    /**
     * Writes a paused VM.
     *
     * @throws NoDiskRoomException there is no room for it
     */
    Snapshot save(Vm vm) {
        long claim = claim();
        long used = 0;
        try {
            Snapshot saved = vm.snapshot(claim);
            used = saved.bytes();
            return saved;
        } catch (NoDiskRoomException e) {
            throw new NoDiskRoomException(e.getMessage() + " (hibernationDisk of <agentRuntime> is " + (mostBytes.getAsLong() >> 20)
                    + " MiB; one session may take a quarter of that, and no more than is left)", e);
        } finally {
            give(claim - used);
        }
    }

    /**
     * What whoever has asked for it is told where {@link #save} or what comes before it fails.
     *
     * @param what the session was not
     */
    static Fault fault(SessionActor session, String what, Throwable failure) {
        String sentence = "Session " + session.key().sessionId() + " was not " + what + ": " + failure.getMessage();
        boolean later = failure instanceof HypervisorAwayException || failure instanceof NoDiskRoomException || session.life().isOver();
        return later ? Fault.away(sentence) : Fault.of(Kind.PLATFORM, sentence);
    }

    /** What an earlier run has put there counts as well, even where it is more than may be put there now. */
    synchronized void found(Snapshot saved) {
        taken += saved.bytes();
    }

    /** A part of what is left, so that several are written at once and all of them stay within the bound. */
    private synchronized long claim() {
        long most = mostBytes.getAsLong();
        long claim = Math.min(most - taken, Math.max(most / SHARE, 1));
        if (claim <= 0) {
            throw new NoDiskRoomException("hibernationDisk of <agentRuntime> is " + (most >> 20) + " MiB, and sessions take all of it already");
        }
        taken += claim;
        return claim;
    }

    /** Removes it. */
    void drop(Snapshot saved) {
        saved.close();
        give(saved.bytes());
    }

    private synchronized void give(long bytes) {
        taken -= bytes;
    }

    /** What sessions take now, in bytes. */
    synchronized long taken() {
        return taken;
    }
}
