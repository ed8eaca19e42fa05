package dev.agentruntime.sessions;

import dev.agentruntime.log.LoggedMessage;

/** Every message of the sessions, AGRT0020 to AGRT0027 and AGRT0040 to AGRT0099: its text, what it means and what to do. */
public enum SessionMessage implements LoggedMessage {

    SESSION_STARTED("AGRT0020I", "Session %s started in %s by %s as VM %s.",
            "The session's VM serves.", "None."),
    SESSION_ENDED("AGRT0021I", "Session %s ended: %s Used %s s of CPU, %s GB-s of memory, %d invocations.",
            "The session's VM is gone; the record in the ledger is final.", "None."),
    SESSION_START_FAILED("AGRT0022E", "Session %s could not be started: %s",
            "The VM did not start or did not confirm its beginning.", "Look at the message and at the messages AGRT1xxx of the driver."),
    DESTROY_FAILED("AGRT0023E", "The VM of session %s could not be destroyed and is tried again: %s",
            "Something of the VM is left. The session counts as one that has a VM until it is gone.", "Do what the message says; see virsh list --all."),
    METER_FAILED("AGRT0024W", "The meter of session %s could not be read: %s",
            "The usage is that of the reading before; the next reading makes up for it.", "None, unless it goes on."),
    RECLAIMED("AGRT0025I", "%d VMs of an earlier run were destroyed, %d sessions of it were closed.",
            "The server had ended without ending them; their usage was taken from their last readings.", "None."),
    RECLAIM_FAILED("AGRT0026E", "VMs of an earlier run could not be looked for: %s",
            "No agent is made ready before that is done. It is tried again every five seconds.",
            "Do what the message says."),
    PAUSE_FAILED("AGRT0027W", "The VM of session %s could not be paused while it has nothing to do: %s",
            "It goes on running and using CPU; the session is not affected.", "Look at the messages AGRT1xxx of the driver."),
    SESSION_GOES_ON("AGRT0044I", "Session %s goes on in the VM %s.",
            "An earlier run of the server had begun it; its agent's state, its owner, its limits and its meter are what they were.", "None."),
    SESSION_LOST("AGRT0045W", "Session %s of an earlier run cannot go on: %s",
            "Its VM is destroyed and its record closed with this reason. Its id begins a new session.", "None, unless it repeats."),
    LISTENER_FAILED("AGRT0040W", "A listener failed and goes on being told: %s",
            "A meter or another listener threw an exception; sessions are not affected.", "Report it with the stack trace."),
    HYPERVISOR_AWAY("AGRT0041W", "The VM of session %s waits for the hypervisor, which does not answer: %s",
            "The session keeps its state. It is tried again every two seconds; callers that wait longer than hypervisorTimeout are told to ask again.",
            "See that libvirtd runs."),
    VM_REPLACED("AGRT0042W", "The VM of session %s ended before it served and is replaced: %s",
            "Another VM is started for the session, once.", "None, unless it repeats."),
    RECLAIM_LEFT("AGRT0043E", "VMs of an earlier run could not be destroyed yet: %s",
            "Agents are made ready all the same. It is tried again every five seconds; the sessions' records are closed when the VMs are gone.",
            "Do what the message says; see virsh list --all."),
    NOT_HIBERNATED("AGRT0046W", "Session %s could not be put on the disk: %s",
            "Its VM stays in memory, paused; the session is not affected. It is tried again, each time later.",
            "Where the disk or hibernationDisk is full, give it more room; else see what the text says."),
    NOT_FORKED("AGRT0047W", "Session %s could not be forked: %s",
            "Its memory was not written down, so no session began with it. The session itself goes on.", "Do what the text says; see the messages AGRT1xxx of the driver."),
    DRAINING("AGRT0060I", "The server is being stopped. %d sessions are at work and have up to %s to end it.",
            "No request is taken any more. When the time is up, sessions are left to the next start or ended, as onStop says.",
            "None. The attribute stopGrace sets the time."),
    NOT_DRAINED("AGRT0061W", "%d sessions were still at work after %s when the server went on with its stop.",
            "Requests that are under way are broken off.", "None, unless callers are to have longer: raise stopGrace."),
    FAREWELL_FAILED("AGRT0062W", "The agent of session %s did not come to its end as it should, and its VM is destroyed all the same: %s",
            "When its session ends an agent is told and its application stopped, within endGrace. It has failed at that, or taken longer.",
            "Look at what its @BeforeEnd and @PreDestroy methods do, or raise endGrace."),
    NOT_ENDED("AGRT0063W", "%d sessions were neither ended nor left to the next start within %s when the server went on with its stop.",
            "With onStop=keep those that serve are left as they are, and the next start goes on with them; their logs may lack the last lines."
                    + " VMs of the others are destroyed, and the next start closes their records.",
            "Look at the messages before: a hypervisor, a disk or a database did not answer."),
    UNEXPECTED("AGRT0099E", "Unexpected failure while %s: %s",
            "A fault in the platform. The work is done again where it can be.", "Report it with the stack trace.");

    private final Entry entry;

    SessionMessage(String id, String text, String explanation, String action) {
        entry = new Entry(id, text, explanation, action);
    }

    @Override
    public Entry entry() {
        return entry;
    }
}
