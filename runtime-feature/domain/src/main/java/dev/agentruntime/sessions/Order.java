package dev.agentruntime.sessions;

import java.time.Duration;

/** What follows from an event, as data. A session's orders are carried out one after the other. */
sealed interface Order {

    /**
     * Concerns the VM and may block: carried out on a thread of its own, one at a time for one session.
     */
    sealed interface OnVm extends Order {}

    /** Gives the session a VM that has begun it; answered by Started or StartFailed. */
    record Start() implements OnVm {}

    /** Answered by PauseDone or PauseFailed. */
    record Pause() implements OnVm {}

    /** Has the VM stand still, writes it to the disk and destroys it; answered by Hibernated, PauseFailed, NotHibernated or NotDestroyed. */
    record Hibernate() implements OnVm {}

    /** Has the VM stand still and writes it down for those who asked, who are answered; answered by Forked. */
    record Fork() implements OnVm {}

    /** Lets the VM go on, which is made of what is on the disk where it is there; answered by Woke or WakeFailed. */
    record Resume() implements OnVm {}

    /**
     * Answered by Read.
     *
     * @param unlessWithin not needed where the last reading is younger
     */
    record ReadMeter(Duration unlessWithin) implements OnVm {}

    /** Takes the last reading, too; answered by Destroyed or NotDestroyed. */
    record Destroy() implements OnVm {}

    /** Takes a reading and leaves the VM to the next run of the server; answered by Departed. */
    record Leave() implements OnVm {}

    /** Lets go of the agent's version. */
    record Release() implements OnVm {}

    /** Asks for the agent's version, which may have to be made ready first; answered by Leased or StartFailed. */
    record Lease() implements Order {}

    /** Gives those who wait the session. */
    record Serve() implements Order {}

    /** Refuses those who wait. */
    record Refuse(Fault fault) implements Order {}

    /** Writes the session into the ledger. */
    record Record(Haste haste) implements Order {}

    /** Tells whoever wants to know. */
    record Tell(News news) implements Order {}

    /** How soon the ledger has to know. */
    enum Haste { AT_ONCE, WITHIN_SECONDS }
}
