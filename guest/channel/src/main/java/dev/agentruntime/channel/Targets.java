package dev.agentruntime.channel;

/** The names a stream can begin with. */
public final class Targets {

    /** The agent's HTTP port in the guest. */
    public static final String AGENT = "agent";

    /** One control exchange with the guest's supervisor. */
    public static final String CONTROL = "control";

    /** The log of the guest's Open Liberty, line by line as it is written. */
    public static final String LOGS = "logs";

    private Targets() {
    }
}
