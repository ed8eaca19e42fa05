package dev.agentruntime.net;

import java.io.IOException;
import java.net.InetAddress;

/** Something would have to be fetched from where nothing may be. The message is for callers, who do not learn the address. */
public final class RefusedAddressException extends IOException {

    private final transient InetAddress address;

    RefusedAddressException(String message, InetAddress address) {
        super(message);
        this.address = address;
    }

    /** For the server's log. */
    public String withAddress() {
        return getMessage() + " (" + address.getHostAddress() + ")";
    }
}
