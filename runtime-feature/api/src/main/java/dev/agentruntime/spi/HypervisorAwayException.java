package dev.agentruntime.spi;

/**
 * The hypervisor does not answer now. Nothing is known to be wrong with the VM: its state stays, and the same call may
 * succeed later. Whoever catches this tries again with patience and ends no session because of it.
 */
public final class HypervisorAwayException extends VmException {

    public HypervisorAwayException(String message) {
        super(message);
    }

    public HypervisorAwayException(String message, Throwable cause) {
        super(message, cause);
    }
}
