package dev.agentruntime.libvirt;

import dev.agentruntime.spi.VmException;

/** VMs cannot be cloned on this host, and no second try will change that. */
final class CannotCloneException extends VmException {

    private static final long serialVersionUID = 1L;

    CannotCloneException(String message, Throwable cause) {
        super(message, cause);
    }
}
