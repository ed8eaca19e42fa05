package dev.agentruntime.libvirt;

import dev.agentruntime.runtime.spi.VmException;

/** A VM was not started because the driver is being closed: nobody's fault. */
final class ClosingException extends VmException {

    private static final long serialVersionUID = 1L;

    ClosingException(String vm) {
        super("The VM " + vm + " was not started: the driver is being closed");
    }
}
