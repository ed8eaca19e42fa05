package dev.agentruntime.spi;

/**
 * A VM of this server that an earlier run left behind.
 *
 * @param name  its name at the hypervisor
 * @param state whether it runs
 */
public record FoundVm(String name, State state) {

    /** What the hypervisor says of it. */
    public enum State { RUNNING, PAUSED, ENDED }
}
