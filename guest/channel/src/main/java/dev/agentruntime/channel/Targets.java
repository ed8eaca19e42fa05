package dev.agentruntime.channel;

/** The names a stream can begin with. */
public final class Targets {

    /** The agent's HTTP port in the guest. */
    public static final String AGENT = "agent";

    /** One control exchange with the guest's supervisor. */
    public static final String CONTROL = "control";

    /** The log of the guest's Open Liberty, line by line as it is written. */
    public static final String LOGS = "logs";

    /** A command that is run in the guest, and what it says. */
    public static final String COMMAND = "command";

    /** A shell on a terminal in the guest, by a WebSocket. */
    public static final String SHELL = "shell";

    /** What a guest opens on its first link when it wants its second one, the way out; the host ends the stream when that is up. */
    public static final String WAY_OUT = "egress";

    /** On the way out: the host's forward proxy. */
    public static final String PROXY = "proxy";

    /** On the way out: what goes before the name of an outbound. */
    public static final String OUTBOUND = "outbound/";

    private Targets() {
    }
}
