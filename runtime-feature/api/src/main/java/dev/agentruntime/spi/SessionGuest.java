package dev.agentruntime.spi;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.Target;
import java.util.List;

/** What a room may ask of the guest of a session that it takes part in. Thread-safe. */
public interface SessionGuest {

    /**
     * As {@link Vm#connect}. Such a stream does not keep the session from being paused. Does not block.
     *
     * @throws VmException the VM is gone or its link is down
     */
    GuestStream connect(Target target);

    /** Whether it stands still or is on the disk: such a guest says nothing, and cannot be connected to where it is on the disk. */
    boolean isPaused();

    /** As {@link Vm#logTail}. Blocks. Never throws. */
    List<String> logTail(int lines);

    /** What the session has used up to this moment; once it has ended, up to its last reading. Takes well under a millisecond. Never throws. */
    SessionUse use();

    /**
     * The same as it was at the last reading that was taken, and how old the session was then. The ledger has that, or will have it in seconds; of a
     * session of an earlier run that is just being taken up, it is what that has written. Never throws.
     */
    SessionUse lastUse();

    /**
     * Ends the session because it has reached a budget. Callers who wait for its VM or its agent are told so. Does not block; ending
     * a session that has ended changes nothing.
     *
     * @param why which, in a sentence
     */
    void endForBudget(String why);
}
