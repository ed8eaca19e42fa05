package dev.agentruntime.agents;

import dev.agentruntime.spi.Vm;

/** A VM that was made before there was a session for it, and was taken for one. Thread-safe; does not block. */
public interface WaitingVm {

    /** The VM, which has not begun. */
    Vm vm();

    /** CPU that it has used so far and that the platform has been charged with, in nanoseconds. */
    long chargedCpuNanos();

    /** Destroys the VM in the background: no session needs it. */
    void drop();

    /** The same, and logs that the VM was spoilt. */
    void drop(String why);
}
