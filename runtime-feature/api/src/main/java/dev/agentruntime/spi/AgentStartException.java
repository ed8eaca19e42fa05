package dev.agentruntime.spi;

import java.util.List;

/** The agent's fault: its WAR did not start in the guest. */
public final class AgentStartException extends RuntimeException {

    private final transient List<String> log;

    /**
     * @param message why, in a sentence
     * @param log     the guest's log lines that show it, oldest first
     */
    public AgentStartException(String message, List<String> log) {
        super(message);
        this.log = List.copyOf(log);
    }

    /** The guest's log lines that show why, oldest first. */
    public List<String> log() {
        return log;
    }
}
