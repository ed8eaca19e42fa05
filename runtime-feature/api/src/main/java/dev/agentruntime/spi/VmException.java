package dev.agentruntime.spi;

/**
 * A VM or the hypervisor failed, and this failure is final for the VM or the attempt. Three subclasses are not:
 * {@link HypervisorAwayException} and {@link NoRoomException} ask to try again, {@link TemplateLostException} asks to prepare
 * the agent anew. The message says what failed, on which object, why, and what to do.
 */
public class VmException extends RuntimeException {

    public VmException(String message) {
        super(message);
    }

    public VmException(String message, Throwable cause) {
        super(message, cause);
    }
}
