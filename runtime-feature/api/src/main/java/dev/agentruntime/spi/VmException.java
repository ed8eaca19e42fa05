package dev.agentruntime.spi;

/**
 * A VM or the hypervisor failed, and this failure is final for the VM or the attempt. Two subclasses are not:
 * {@link HypervisorAwayException} and {@link NoRoomException}. The message says what failed, on which object, why, and what
 * to do.
 */
public class VmException extends RuntimeException {

    public VmException(String message) {
        super(message);
    }

    public VmException(String message, Throwable cause) {
        super(message, cause);
    }
}
