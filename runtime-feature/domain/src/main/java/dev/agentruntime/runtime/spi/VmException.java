package dev.agentruntime.runtime.spi;

/** The platform's fault: a VM or the hypervisor failed. The message says what, on which object, why and what to do. */
public class VmException extends RuntimeException {

    public VmException(String message) {
        super(message);
    }

    public VmException(String message, Throwable cause) {
        super(message, cause);
    }
}
