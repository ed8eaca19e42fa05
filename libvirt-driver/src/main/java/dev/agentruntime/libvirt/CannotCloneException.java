package dev.agentruntime.libvirt;

import dev.agentruntime.spi.VmException;

/** VMs cannot be cloned on this host as it is now, though they may be booted: QEMU is confined, or the disk is full. */
final class CannotCloneException extends VmException {

    private static final long serialVersionUID = 1L;

    CannotCloneException(String message, Throwable cause) {
        super(message, cause);
    }
}
