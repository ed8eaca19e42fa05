package dev.agentruntime.spi;

import java.util.regex.Pattern;

/**
 * A name under which a guest reaches something outside: {@code NAME.outbound:port} inside the guest.
 *
 * @param name 1 to 48 small letters, digits and '-', neither first nor last of which is a '-'
 * @param port 1 to 65535; where the guest listens
 */
public record OutboundName(String name, int port) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?");
    private static final int LARGEST_PORT = 65_535;

    /** @throws IllegalArgumentException the name or the port is none */
    public OutboundName {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("The name of an outbound is 1 to 48 small letters, digits and '-', and neither begins"
                    + " nor ends with a '-': '" + name + "'");
        }
        if (port < 1 || port > LARGEST_PORT) {
            throw new IllegalArgumentException("The port of the outbound " + name + " is not from 1 to " + LARGEST_PORT + ": " + port);
        }
    }
}
