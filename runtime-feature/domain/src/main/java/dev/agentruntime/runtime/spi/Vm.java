package dev.agentruntime.runtime.spi;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** One virtual machine, for one session and never for another. Thread-safe; the methods block unless they say otherwise. */
public interface Vm {

    /** The name by which the hypervisor's own tools show it. Does not block. */
    String name();

    /** How it came to life. Does not block. */
    StartMode startMode();

    /**
     * Makes this clone unlike its siblings before any request reaches it: fresh entropy for kernel and JVMs, the host's
     * clock, its own host name and session id, then the agent's own restore hooks. A VM that was made ahead is taken the
     * rest of its way first, and runs from here on. Called exactly once.
     *
     * @throws VmException the guest did not confirm; the VM must not be used
     */
    void begin(String sessionId);

    /**
     * Opens a byte stream to the agent's HTTP port. Does not block.
     *
     * @throws VmException the VM is gone or its link is down
     */
    GuestStream connect();

    /**
     * Asks the agent for its ping.
     *
     * @throws VmException no answer within the time, or no agent behind the port
     */
    PingReply ping(Duration timeout);

    /** What it has used so far, the whole VM with its emulator. */
    MeterReading read();

    /** The last lines of the guest's log, oldest first; those kept on the host when the guest is gone. Never throws. */
    List<String> logTail(int lines);

    /** Stops the VM's processors; memory stays. A paused VM costs no CPU. */
    void pause();

    /** Lets a paused VM go on and puts its clock right. */
    void resume();

    /** Completes with a sentence when the VM ends by itself; never after {@link #destroy()}. */
    CompletionStage<String> death();

    /**
     * Ends the VM and proves that its process, socket, cgroup and files are gone. May be called again and after death.
     *
     * @return the last reading, taken after the process had ended where the meter outlives it
     * @throws VmException something is left; the message names it
     */
    MeterReading destroy();
}
