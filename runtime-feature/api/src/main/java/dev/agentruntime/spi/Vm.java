package dev.agentruntime.spi;

import dev.agentruntime.api.GuestStream;
import dev.agentruntime.api.PingAnswer;
import dev.agentruntime.api.StartMode;
import dev.agentruntime.api.Target;
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
     * clock, its own host name and session id, the environment and the names that lead out, then the agent's own restore
     * hooks. A VM that was made ahead is taken the rest of its way first, and runs from here on. Called exactly once.
     *
     * @throws VmException the guest did not confirm; the VM must not be used
     */
    void begin(SessionStart start);

    /**
     * Opens a byte stream to {@code target} in the guest. Does not block. A target that the guest does not know is refused by a
     * reset of the stream.
     *
     * @throws VmException the VM is gone or its link is down
     */
    GuestStream connect(Target target);

    /**
     * From now on {@code streams} takes the streams that the guest opens, on a link of their own which nothing else uses; until
     * then they are refused. Their target is {@code outbound/NAME}, or {@code proxy} for the forward proxy. Does not block. The
     * last receiver counts. A guest opens none before its session has begun. When that link ends and is made anew, the streams
     * are reset and others can follow.
     */
    void onStream(GuestStreams streams);

    /**
     * Asks the agent for its ping.
     *
     * @throws VmException no answer within the time, or no agent behind the port
     */
    PingAnswer.Replied ping(Duration timeout);

    /**
     * What it has used so far, the whole VM with its emulator. Cheap enough for every request: the CPU is of this moment, the
     * memory may be some seconds old.
     */
    MeterReading read();

    /** The last lines of the guest's log, oldest first; those kept on the host when the guest is gone. Never throws. */
    List<String> logTail(int lines);

    /**
     * Stops the VM's processors; memory stays. A paused VM costs no CPU. Pausing a paused VM changes nothing.
     *
     * @throws HypervisorAwayException the VM may be paused or not; ask again
     * @throws VmException             the VM has ended
     */
    void pause();

    /** Whether it was paused and not resumed since. Does not block. */
    boolean isPaused();

    /**
     * Lets a paused VM go on and puts its clock right. Resuming a running VM only puts its clock right.
     *
     * @throws HypervisorAwayException the VM may be paused or not; ask again
     * @throws VmException             the VM will not serve any more
     */
    void resume();

    /**
     * Writes this VM, which is paused, to the disk. It stays as it is: it can be destroyed, and its memory is free, or go on. Only what
     * it does not have in common with its template is written. Blocks for some tens of milliseconds, for seconds where much is written,
     * and for a bounded time where the disk hangs.
     *
     * @param mostBytes what it may take on the disk
     * @throws NoDiskRoomException     it would take more, or the disk is full
     * @throws HypervisorAwayException QEMU or the disk does not answer now; ask again
     * @throws VmException             it is not paused, has not begun its session, or cannot be written, as one that was booted
     */
    Snapshot snapshot(long mostBytes);

    /** Completes with a sentence when the VM ends by itself; never after {@link #destroy()} or {@link #leave()}. */
    CompletionStage<String> death();

    /**
     * Leaves the VM to the next run of this server, which may adopt it: running or paused, as it is. Its links are closed. Nothing but
     * {@link #logTail} may be called afterwards. Does not block for long; never throws.
     */
    void leave();

    /**
     * Tells the guest that its session is about to end, and waits until its agent has done what it does then. A paused VM runs from here
     * on. Nothing happens where the driver knows that the agent does nothing then. Called at most once, when nothing else is asked of the VM any more but {@link #logTail} and {@link #destroy()}. Blocks for
     * {@code grace} and a moment at most.
     *
     * @throws VmException the guest did not come to its end in time, or the agent failed at it; the VM may be destroyed all the same
     */
    void farewell(Duration grace);

    /**
     * Ends the VM and proves that its process, socket, cgroup and files are gone. May be called again and after death.
     *
     * @return the last reading, taken after the process had ended where the meter outlives it
     * @throws VmException something is left; the message names it
     */
    MeterReading destroy();
}
