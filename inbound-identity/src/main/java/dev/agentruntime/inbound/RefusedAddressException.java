package dev.agentruntime.inbound;

import java.io.IOException;
import java.net.InetAddress;

/** A document would have to be fetched from where none may be. The message is for callers, who do not learn the address. */
final class RefusedAddressException extends IOException {

    private final transient InetAddress address;

    RefusedAddressException(String message, InetAddress address) {
        super(message);
        this.address = address;
    }

    /** For the server's log. */
    String withAddress() {
        return getMessage() + " (" + address.getHostAddress() + ")";
    }
}
