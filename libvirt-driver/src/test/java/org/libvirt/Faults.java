package org.libvirt;

import org.libvirt.Error.ErrorDomain;
import org.libvirt.Error.ErrorNumber;
import org.libvirt.jna.virError;

/** Makes libvirt's exceptions, which only its own package can. */
public final class Faults {

    private Faults() {}

    public static LibvirtException of(ErrorNumber code, ErrorDomain domain, String message) {
        virError error = new virError();
        error.code = code.ordinal();
        error.domain = domain.ordinal();
        error.message = message;
        return new LibvirtException(new Error(error));
    }

    /** libvirtd has gone away under a call. */
    public static LibvirtException connectionLost() {
        return of(ErrorNumber.VIR_ERR_SYSTEM_ERROR, ErrorDomain.VIR_FROM_RPC, "End of file while reading data: Input/output error");
    }
}
