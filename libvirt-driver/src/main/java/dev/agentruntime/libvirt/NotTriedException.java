package dev.agentruntime.libvirt;

import dev.agentruntime.spi.VmException;

/** A VM was not even tried: says nothing about the way it would have been started, nor about its template. */
final class NotTriedException extends VmException {

    private static final long serialVersionUID = 1L;

    NotTriedException(String reason) {
        super(reason);
    }
}
