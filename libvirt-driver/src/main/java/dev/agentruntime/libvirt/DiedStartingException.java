package dev.agentruntime.libvirt;

import dev.agentruntime.spi.VmException;

/** The process of a VM ended while the VM was being started, or never ran: another one may do. */
final class DiedStartingException extends VmException {

    private static final long serialVersionUID = 1L;

    DiedStartingException(VmException why) {
        super(why.getMessage(), why);
    }
}
